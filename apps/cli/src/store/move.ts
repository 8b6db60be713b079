import type { GlobalOptions } from "../options.ts";
import { EXIT } from "../output.ts";
import type { Collection, Difference, Mark } from "./collection.ts";
import { compare } from "./collection.ts";
import { openStore } from "./open-store.ts";
import { reportDifferences } from "./report.ts";

/** Moves what bears one of these marks. */
export type Move = (collection: Collection, named: NamesByMark) => Promise<void>;

/** The names that bear a mark. */
type NamesByMark = (...marks: readonly Mark[]) => readonly string[];

/** Compares each collection, moves what is to be moved, and tells how they stood before. */
export async function moveCollections(
  folder: unknown,
  options: GlobalOptions,
  move: Move,
): Promise<number> {
  await using opened = await openStore(folder, options);
  const told: Difference[] = [];
  for (const collection of opened.collections) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const differences = await compare(collection);
    const named: NamesByMark = (...marks) =>
      differences.filter(({ mark }) => marks.includes(mark)).map(({ name }) => name);
    // oxlint-disable-next-line no-await-in-loop -- one after another
    await move(collection, named);
    told.push(...differences);
  }
  reportDifferences(told, options);
  return EXIT.ok;
}
