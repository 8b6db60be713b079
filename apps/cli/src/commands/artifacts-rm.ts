import { openArtifacts } from "../open-artifacts.ts";
import type { GlobalOptions } from "../options.ts";
import { EXIT, print, printJson, printNote } from "../output.ts";

/** Deletes artifacts; fails where one was not there. */
export async function run([names]: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openArtifacts(options);
  const deleted: string[] = [];
  const missing: string[] = [];
  for (const name of Array.isArray(names) ? names.map(String) : []) {
    // oxlint-disable-next-line no-await-in-loop -- in the order given, so that what is printed is
    const wasThere = await opened.artifacts.delete(name);
    (wasThere ? deleted : missing).push(name);
  }
  if (options.json) printJson({ ok: missing.length === 0, deleted, missing });
  else {
    for (const name of deleted) print(`Deleted ${JSON.stringify(name)}.`);
    for (const name of missing) printNote(`error: There is no artifact ${JSON.stringify(name)}.`);
    if (missing.length > 0) printNote("hint: codemode artifacts list says what there is");
  }
  return missing.length === 0 ? EXIT.ok : EXIT.usage;
}
