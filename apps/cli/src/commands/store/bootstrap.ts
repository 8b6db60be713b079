import type { GlobalOptions } from "../../options.ts";
import { requireFolder } from "../../store/folder-files.ts";
import { moveCollections } from "../../store/move.ts";

/** Fills a store from a folder. What is there already stays; with `--clear` it goes first. */
export async function run([folder]: readonly unknown[], options: GlobalOptions): Promise<number> {
  await requireFolder(folder);
  return await moveCollections(folder, options, async (collection, named) => {
    if (options.clear) await collection.remove(named("-", "~", "="));
    await collection.push(options.clear ? named("+", "~", "=") : named("+"));
    return undefined;
  });
}
