import { CodemodeError } from "@codemode/core";

import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";
import { parseJson, readSource } from "../../read-input.ts";
import { statIfThere } from "../../stat-if-there.ts";

const SKILL_FILE = /\.(?:md|skill\.json|[cm]?[jt]s)$/u;

/** Saves what a folder or a document has. */
export async function run([given]: readonly unknown[], options: GlobalOptions): Promise<number> {
  const from = String(given);
  await using opened = await openSkills(options);
  const stats = from === "-" ? undefined : await statIfThere(from);
  const outcome = stats?.isDirectory()
    ? await opened.skills.importFrom(from)
    : await opened.skills.importBundle(await readBundle(from));
  const ok = outcome.diagnostics.length === 0;
  if (options.json) printJson({ ok, ...outcome });
  else print(`saved: ${outcome.done.join(", ") || "nothing new"}`);
  printDiagnostics(outcome.diagnostics);
  return ok ? EXIT.ok : EXIT.failed;
}

async function readBundle(from: string): Promise<unknown> {
  const text = await readSource(from, "document");
  if (!SKILL_FILE.test(from)) return parseJson(text, "The document");
  throw new CodemodeError(
    "INVALID_ARGUMENTS",
    `${JSON.stringify(from)} is one skill, not a document of several. Save it with: codemode skills save`,
  );
}
