import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";

/** Writes skills into a folder, or as one document. */
export async function run([given]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const names = Array.isArray(given) ? given.map(String) : [];
  const chosen = names.length === 0 ? {} : { names };
  await using opened = await openSkills(options);
  if (options.out === undefined) {
    printJson(await opened.skills.exportBundle(chosen));
    return EXIT.ok;
  }
  const outcome = await opened.skills.exportTo(options.out, chosen);
  if (options.json) printJson({ ok: true, ...outcome });
  else print(`written: ${outcome.done.join(", ") || "nothing new"}`);
  printDiagnostics(outcome.diagnostics);
  return EXIT.ok;
}
