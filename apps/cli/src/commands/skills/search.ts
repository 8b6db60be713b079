import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson, printNote } from "../../output.ts";

/** Finds skills. */
export async function run([words]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const query = Array.isArray(words) ? words.join(" ") : String(words);
  await using opened = await openSkills(options);
  const { limit } = options;
  const found = await opened.skills.search(query, limit === undefined ? {} : { limit });
  if (options.json) {
    printJson(found);
    return EXIT.ok;
  }
  for (const { name, signature, description } of found.hits) {
    print(`${name}${signature === undefined ? "" : `: ${signature}`}\n    ${description}`);
  }
  if (found.hits.length === 0) printNote("note: no skill fits; codemode skills list shows all");
  printDiagnostics(found.diagnostics);
  return EXIT.ok;
}
