import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";
import { parseJson, readStdin } from "../read-input.ts";

/** Calls one tool and prints its value. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const [tool, rest] = args;
  const given = await readArguments(Array.isArray(rest) ? rest.map(String) : []);
  await using opened = await openSession(options);
  const { value, result } = await opened.session.callTool(String(tool), given);
  if (options.json) printJson({ ok: true, value, content: result.content });
  else print(typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return EXIT.ok;
}

async function readArguments(parts: readonly string[]): Promise<JsonValue> {
  const [first] = parts;
  if (first === undefined) return {};
  if (first === "-") return toObject(parseJson(await readStdin(), "Standard input"));
  if (first.trimStart().startsWith("{"))
    return toObject(parseJson(parts.join(" "), "The argument"));
  return Object.fromEntries(parts.map(readPair));
}

/** `key=value`: the value is JSON where it can be, otherwise text. */
function readPair(part: string): readonly [string, JsonValue] {
  const equals = part.indexOf("=");
  if (equals < 1) {
    const message = `${JSON.stringify(part)} is no key=value pair. Arguments are key=value pairs or one JSON object.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  const text = part.slice(equals + 1);
  try {
    const value: JsonValue = JSON.parse(text);
    return [part.slice(0, equals), value];
  } catch {
    // Plain words need no quotes.
    return [part.slice(0, equals), text];
  }
}

function toObject(value: unknown): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new CodemodeError("INVALID_ARGUMENTS", "A tool's arguments are one JSON object.");
}
