import type { GlobalOptions } from "../../options.ts";
import { isFileName } from "../../store/folder-files.ts";
import type { NamesByMark } from "../../store/move.ts";
import { moveCollections } from "../../store/move.ts";

/**
 * Brings a folder up to the store: `-` and `~` are written. What only the folder has stays; what no
 * file can be named after stays in the store.
 */
export async function run([folder]: readonly unknown[], options: GlobalOptions): Promise<number> {
  return await moveCollections(folder, options, async (collection, named) => {
    const canBeFile = fileTest(named);
    const names = named("-", "~");
    await collection.pull(names.filter(canBeFile));
    return names.filter((name) => !canBeFile(name));
  });
}

/** A file cannot be a folder too: where there are `a` and `a/b`, the shorter one is written. */
function fileTest(named: NamesByMark): (name: string) => boolean {
  const all = new Set(named("-", "~", "="));
  const isBelow = (name: string): boolean =>
    name
      .split("/")
      .some((_, count, parts) => count > 0 && all.has(parts.slice(0, count).join("/")));
  return (name) => isFileName(name) && !isBelow(name);
}
