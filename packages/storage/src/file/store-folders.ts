import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { sweepFolder, systemCodeOf, unless } from "@codemode/core/node";

import { makeFolder } from "./folder.ts";

/** Where the files of one namespace are. */
export interface StoreFolders {
  readonly values: string;
  /** Files that are being written, on the same file system as the values. */
  readonly temporary: string;
  readonly locks: string;
  /** Runs `body` with the folders in place. They are made when first needed. */
  use<T>(body: () => Promise<T>): Promise<T>;
  /** As `use`, and once again where somebody removed them meanwhile: for what can be repeated. */
  useRepeatedly<T>(body: () => Promise<T>): Promise<T>;
}

/** What dead processes left is looked for no more often, by all processes together. */
const SWEEP_EVERY_MS = 10 * 60 * 1000;

/** The folders of a namespace. `onSweep` is told when it is time to look for what is no longer needed. */
export function createStoreFolders(root: string, onSweep: () => void): StoreFolders {
  const values = join(root, "values");
  const temporary = join(root, "temporary");
  const locks = join(root, "locks");
  let ready: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    await Promise.all([values, temporary, locks].map(makeFolder));
    const marker = join(root, "swept");
    const swept = await unless(["ENOENT"], stat(marker));
    // A time to come is one of a clock that has been set back since.
    if (swept !== undefined && Math.abs(Date.now() - swept.mtimeMs) < SWEEP_EVERY_MS) return;
    // On a full disk it is even more to the point to sweep.
    await unless(["ENOSPC", "EDQUOT"], writeFile(marker, "", { mode: 0o600 }));
    await Promise.all([temporary, locks].map(sweepFolder));
    onSweep();
  };
  const prepared = (): Promise<void> => {
    ready ??= prepare().catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  };
  const use: StoreFolders["use"] = async (body) => {
    await prepared();
    try {
      return await body();
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") ready = undefined;
      throw error;
    }
  };
  return {
    values,
    temporary,
    locks,
    use,
    useRepeatedly: async (body) => {
      try {
        return await use(body);
      } catch (error) {
        if (ready !== undefined) throw error;
        return await use(body);
      }
    },
  };
}
