import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson } from "../output.ts";

/** Prints one tool as TypeScript. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openSession(options, { tool: String(args[0]) });
  const { definition, declaration, signature, imports } = opened.session.describeTool(
    String(args[0]),
  );
  if (options.json) printJson({ ...definition, signature, declaration, imports });
  else print(`${imports[0] ?? ""}\n\n${declaration.trimEnd()}`);
  return EXIT.ok;
}
