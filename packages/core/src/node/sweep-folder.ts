import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { isAbandoned } from "./process-token.ts";
import { unless } from "./system-code.ts";

/** A file may take as long to be written by a process that cannot be asked after. */
const UNKNOWN_AFTER_MS = 24 * 60 * 60 * 1000;

/** Removes what dead processes left in a folder whose files bear tokens; the others stay. */
export async function sweepFolder(folder: string): Promise<void> {
  const names = (await unless(["ENOENT"], readdir(folder))) ?? [];
  for (const name of names) {
    if (!name.includes(".")) continue;
    const path = join(folder, name);
    // oxlint-disable-next-line no-await-in-loop -- few, and nobody waits
    if (await isAbandoned(path, UNKNOWN_AFTER_MS)) await rm(path, { recursive: true, force: true });
  }
}
