import { readdir } from "node:fs/promises";
import { setImmediate as pause } from "node:timers/promises";

import { unless } from "@codemode/core/node";

import { isExpired } from "../expiry.ts";
import { compareKeys } from "../key.ts";
import type { ListOptions, ListPage, StoredEntry } from "../storage.ts";
import type { EntryCache } from "./entry-cache.ts";

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
  const files: { readonly key: string; readonly name: string }[] = [];
  for (const name of names) {
    const key = cache.keyOf(name);
    if (key?.startsWith(prefix) && compareKeys(key, after) > 0) files.push({ key, name });
  }
  files.sort((a, b) => compareKeys(a.key, b.key));
  const entries: StoredEntry[] = [];
  for (const [index, { key, name }] of files.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- lets others have their turn
    if (index % FILES_BETWEEN_PAUSES === FILES_BETWEEN_PAUSES - 1) await pause();
    const entry = cache.find(name, key);
    if (entry === undefined) continue;
    if (isExpired(entry)) {
      onExpired(key);
      continue;
    }
    if (entries.length === limit) return { entries, next: entries.at(-1)?.key ?? after };
    entries.push(entry);
  }
  return { entries };
}
