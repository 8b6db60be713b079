import { statSync } from "node:fs";
import { sep } from "node:path";

import { systemCodeOf } from "@codemode/core/node";

import type { StoredEntry } from "../storage.ts";
import { fileNameToKey, HASHED_KEY, keyToFileName } from "./file-name.ts";
import { readEntrySync } from "./value-file.ts";

/** Entries by file name, read once as long as the file is the same. */
export interface EntryCache {
  /** `undefined` where there is no such file, or it is none of ours. `key` where it is known. */
  find(name: string, key?: string): StoredEntry | undefined;
  /** The key of a file, as its name or else its header says; `undefined` where it is none of ours. */
  keyOf(name: string): string | undefined;
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
  const find: EntryCache["find"] = (name, key) => {
    try {
      const path = folder + sep + name;
      const { ino, size, mtimeMs, ctimeMs } = statSync(path);
      const stamp = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
      const cached = cache.get(name);
      if (cached?.stamp === stamp) return cached.entry;
      const entry = readEntrySync(path, size);
      // A file that somebody copied to another name is not that key's.
      if (entry === undefined || !isOf(entry, name, key)) return undefined;
      if (Date.now() - ctimeMs > TICK_MS) cache.set(name, { stamp, entry });
      return entry;
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  };
  return {
    find,
    keyOf(name) {
      const cached = cache.get(name);
      if (cached !== undefined) return cached.entry.key;
      const key = fileNameToKey(name);
      return key === HASHED_KEY ? find(name)?.key : key;
    },
    retain(names) {
      for (const name of cache.keys()) if (!names.has(name)) cache.delete(name);
    },
  };
}

function isOf(entry: StoredEntry, name: string, key: string | undefined): boolean {
  return key === undefined ? keyToFileName(entry.key) === name : entry.key === key;
}
