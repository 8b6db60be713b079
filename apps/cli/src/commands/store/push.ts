import type { GlobalOptions } from "../../options.ts";
import { requireFolder } from "../../store/folder-files.ts";
import { moveCollections } from "../../store/move.ts";

/** Brings the store up to a folder: `+` and `~`; with `--clear`, `-` goes out of the store. */
export async function run([folder]: readonly unknown[], options: GlobalOptions): Promise<number> {
  await requireFolder(folder);
  return await moveCollections(folder, options, async (collection, named) => {
    await collection.push(named("+", "~"));
    if (options.clear) await collection.remove(named("-"));
    return undefined;
  });
}
