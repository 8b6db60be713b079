import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";
import { readArguments } from "../read-arguments.ts";

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
