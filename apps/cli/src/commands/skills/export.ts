import { CodemodeError, isCodemodeError } from "@codemode/core";

import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";

/** Writes skills into a folder, or as one document. */
export async function run([given]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const names = Array.isArray(given) ? given.map(String) : [];
  const chosen = names.length === 0 ? {} : { names };
  await using opened = await openSkills(options);
  if (options.out === undefined) {
    printJson(await opened.skills.exportBundle(chosen).catch(explain));
    return EXIT.ok;
  }
  const outcome = await opened.skills.exportTo(options.out, chosen);
  if (options.json) printJson({ ok: true, ...outcome });
  else print(`written: ${outcome.done.join(", ") || "nothing new"}`);
  printDiagnostics(outcome.diagnostics);
  return EXIT.ok;
}

/** Whoever names a folder or a file in place of a skill wants it written there. */
function explain(error: unknown): never {
  if (!isCodemodeError(error, "SKILL_NOT_FOUND")) throw error;
  const message = `${error.message} Where to write is said by: --out FOLDER`;
  throw new CodemodeError(error.code, message, { cause: error });
}
