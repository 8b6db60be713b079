import { statSync } from "node:fs";
import { join } from "node:path";

import type { StoredEntry } from "../storage.ts";
import { systemCodeOf } from "./file-errors.ts";
import { readEntrySync } from "./value-file.ts";

/** Entries by file name, read once as long as the file is the same. */
export interface EntryCache {
  /** `undefined` where there is no such file, or it is none of ours. */
  find(name: string): StoredEntry | undefined;
  /** Forgets all but these. */
  retain(names: ReadonlySet<string>): void;
}

/** File systems tell times in ticks: what was changed within this time may look the same after the next change. */
const TICK_MS = 50;

/**
 * Asks the file system as it goes: ten thousand calls that each wait their turn on another thread
 * take many times as long. The caller pauses now and then.
 */
export function createEntryCache(folder: string): EntryCache {
  const cache = new Map<string, { readonly stamp: string; readonly entry: StoredEntry }>();
  return {
    find(name) {
      try {
        const path = join(folder, name);
        const { ino, size, mtimeMs, ctimeMs } = statSync(path);
        const stamp = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
        const cached = cache.get(name);
        if (cached?.stamp === stamp) return cached.entry;
        const entry = readEntrySync(path, size);
        if (entry !== undefined && Date.now() - ctimeMs > TICK_MS)
          cache.set(name, { stamp, entry });
        return entry;
      } catch (error) {
        if (systemCodeOf(error) === "ENOENT") return undefined;
        throw error;
      }
    },
    retain(names) {
      for (const name of cache.keys()) if (!names.has(name)) cache.delete(name);
    },
  };
}
