import { openSession } from "../open-session.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson, printNote } from "../output.ts";

/** Finds tools. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const [words] = args;
  const query = Array.isArray(words) ? words.join(" ") : String(words);
  await using opened = await openSession(options, { mentions: options.server ?? "" });
  const found = opened.session.searchTools(query, {
    ...(options.server === undefined ? {} : { server: options.server }),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  });
  if (options.json) {
    printJson(found);
    return EXIT.ok;
  }
  for (const { signature, summary } of found.matches) print(`${signature}\n    ${summary}`);
  if (found.hint !== undefined) printNote(found.hint);
  return EXIT.ok;
}
