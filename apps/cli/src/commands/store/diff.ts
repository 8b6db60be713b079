import type { GlobalOptions } from "../../options.ts";
import { EXIT } from "../../output.ts";
import { compare } from "../../store/collection.ts";
import { requireFolder } from "../../store/folder-files.ts";
import { openStore } from "../../store/open-store.ts";
import { reportDifferences } from "../../store/report.ts";

/** Compares a folder with the store; changes nothing. */
export async function run([folder]: readonly unknown[], options: GlobalOptions): Promise<number> {
  await requireFolder(folder);
  await using opened = await openStore(folder, options);
  const found = await Promise.all(opened.collections.map(compare));
  reportDifferences(found.flat(), options);
  return EXIT.ok;
}
