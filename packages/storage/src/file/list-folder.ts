import { readdir } from "node:fs/promises";
import { setImmediate as pause } from "node:timers/promises";

import { isExpired } from "../expiry.ts";
import { compareKeys } from "../key.ts";
import type { ListOptions, ListPage, StoredEntry } from "../storage.ts";
import type { EntryCache } from "./entry-cache.ts";
import { unless } from "./file-errors.ts";
import { fileNameToKey, HASHED_KEY, keyToFileName } from "./file-name.ts";

/** What listing needs of a store. */
export interface ListedFolder {
  readonly folder: string;
  readonly cache: EntryCache;
  /** Told of a key whose time is up. */
  readonly onExpired: (key: string) => void;
}

const FILES_BETWEEN_PAUSES = 200;

/** One page of the keys of a folder. */
export async function listFolder(
  { folder, cache, onExpired }: ListedFolder,
  { prefix = "", limit = 1000, after = "" }: ListOptions,
): Promise<ListPage> {
  const names = (await unless(["ENOENT"], readdir(folder))) ?? [];
  cache.retain(new Set(names));
  const keys: string[] = [];
  for (const name of names) {
    const known = fileNameToKey(name);
    const key = known === HASHED_KEY ? cache.find(name)?.key : known;
    if (key?.startsWith(prefix) && compareKeys(key, after) > 0) keys.push(key);
  }
  keys.sort(compareKeys);
  const entries: StoredEntry[] = [];
  for (const [index, key] of keys.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- lets others have their turn
    if (index % FILES_BETWEEN_PAUSES === FILES_BETWEEN_PAUSES - 1) await pause();
    const entry = cache.find(keyToFileName(key));
    if (entry?.key !== key) continue;
    if (isExpired(entry)) {
      onExpired(key);
      continue;
    }
    if (entries.length === limit) return { entries, next: entries.at(-1)?.key ?? after };
    entries.push(entry);
  }
  return { entries };
}
