import { openSkills } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson, printNote } from "../../output.ts";

/** Deletes skills. */
export async function run([given]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const names = Array.isArray(given) ? given.map(String) : [];
  await using opened = await openSkills(options);
  const deleted: string[] = [];
  const missing: string[] = [];
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- what was deleted before a failure is known
    ((await opened.skills.delete(name)) ? deleted : missing).push(name);
  }
  if (options.json) printJson({ ok: missing.length === 0, deleted, missing });
  else if (deleted.length > 0) print(`deleted: ${deleted.join(", ")}`);
  if (!options.json && missing.length > 0) {
    for (const name of missing) printNote(`error: There is no skill ${JSON.stringify(name)}.`);
    printNote("hint: codemode skills list says what there is");
  }
  return missing.length === 0 ? EXIT.ok : EXIT.usage;
}
