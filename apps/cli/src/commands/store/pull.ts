import type { GlobalOptions } from "../../options.ts";
import { moveCollections } from "../../store/move.ts";

/** Brings a folder up to the store: `-` and `~` are written. What only the folder has stays. */
export async function run([folder]: readonly unknown[], options: GlobalOptions): Promise<number> {
  return await moveCollections(folder, options, async (collection, named) => {
    await collection.pull(named("-", "~"));
  });
}
