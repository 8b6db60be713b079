import type { JsonValue } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";
import type { Session } from "@codemode/session";

import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";
import { readArguments, withTexts } from "../read-arguments.ts";

/** Calls one tool and prints its value. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const [tool, rest] = args;
  const parts = Array.isArray(rest) ? rest.map(String) : [];
  const given = await readArguments(parts);
  await using opened = await openSession(options, { tool: String(tool) });
  const { session } = opened;
  const { definition, signature } = session.describeTool(String(tool));
  const texts = withTexts(given, parts, definition.inputSchema);
  const { value, result } = await callTool(session, {
    tool: String(tool),
    given: texts,
    signature,
  });
  if (options.json) printJson({ ok: true, value, content: result.content });
  else print(typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return EXIT.ok;
}

interface Call {
  readonly tool: string;
  readonly given: JsonValue;
  readonly signature: string;
}

/** Wrong arguments are told with those that are right. */
async function callTool(
  session: Session,
  { tool, given, signature }: Call,
): ReturnType<Session["callTool"]> {
  try {
    return await session.callTool(tool, given);
  } catch (error) {
    if (!isCodemodeError(error, "INVALID_ARGUMENTS")) throw error;
    const { code, message, details } = error;
    throw new CodemodeError(code, `${message}\nCall it as: ${signature}`, {
      cause: error,
      ...(details === undefined ? {} : { details }),
    });
  }
}
