import { CodemodeError } from "@codemode/core";

import type { GlobalOptions } from "../options.ts";
import { EXIT } from "../output.ts";
import type { Collection, Difference, Mark } from "./collection.ts";
import { compare } from "./collection.ts";
import { openStore } from "./open-store.ts";
import type { Left } from "./report.ts";
import { reportDifferences } from "./report.ts";

/** Moves what bears one of these marks; gives the names of what has to stay, if anything. */
export type Move = (
  collection: Collection,
  named: NamesByMark,
) => Promise<readonly string[] | undefined>;

/** The names that bear a mark. */
export type NamesByMark = (...marks: readonly Mark[]) => readonly string[];

/** A collection, and how it stands. */
interface Compared {
  readonly collection: Collection;
  readonly differences: readonly Difference[];
}

/**
 * Compares each collection, moves what is to be moved, and tells how they stood before. Where it
 * would empty the store because the folder has nothing, it refuses before anything is moved.
 */
export async function moveCollections(
  folder: unknown,
  options: GlobalOptions,
  move: Move,
): Promise<number> {
  await using opened = await openStore(folder, options);
  const compared: Compared[] = [];
  for (const collection of opened.collections) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    compared.push({ collection, differences: await compare(collection) });
  }
  const all = compared.flatMap(({ differences }) => differences);
  if (options.clear && !options.yes) refuseToEmpty(all);
  const left: Left[] = [];
  for (const { collection, differences } of compared) {
    const named: NamesByMark = (...marks) =>
      differences.filter(({ mark }) => marks.includes(mark)).map(({ name }) => name);
    // oxlint-disable-next-line no-await-in-loop -- one after another
    const names = (await move(collection, named)) ?? [];
    left.push(...names.map((name) => ({ type: collection.type, name })));
  }
  reportDifferences(all, options, left);
  return left.length > 0 ? EXIT.failed : EXIT.ok;
}

/** A folder with nothing in it is more often the wrong one than meant so. */
function refuseToEmpty(differences: readonly Difference[]): void {
  if (differences.length === 0 || differences.some(({ mark }) => mark !== "-")) return;
  const types = [...new Set(differences.map(({ type }) => type))].join(", ");
  throw new CodemodeError(
    "CONFIG_INVALID",
    `The folder has nothing, and --clear would delete all that the store has (${types}: ${differences.length}). Nothing was changed. Name the folder with skills/, artifacts/ or tools/ in it, or add --yes.`,
  );
}
