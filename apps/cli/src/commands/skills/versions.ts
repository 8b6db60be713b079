import { openSkills } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson, printNote } from "../../output.ts";

/** Lists versions, after going back to one where that is asked for. */
export async function run([given]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const name = String(given);
  await using opened = await openSkills(options);
  if (options.rollBack !== undefined) {
    const { version } = await opened.skills.rollback(name, options.rollBack);
    printNote(`${name} is at version ${version}, with the contents of ${options.rollBack}`);
  }
  const versions = await opened.skills.versions(name);
  if (options.json) {
    printJson({ name, versions });
    return EXIT.ok;
  }
  for (const { version, createdAt, label, rolledBackTo } of versions) {
    const back = rolledBackTo === undefined ? "" : ` (back to ${rolledBackTo})`;
    print(`${version}  ${createdAt}${label === undefined ? "" : `  ${label}`}${back}`);
  }
  return EXIT.ok;
}
