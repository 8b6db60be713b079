import type { FSWatcher } from "node:fs";
import { statSync, watch } from "node:fs";

import type { StoreChange } from "../storage.ts";
import type { EntryCache } from "./entry-cache.ts";
import { fileNameToKey, HASHED_KEY } from "./file-name.ts";

/** What watching needs of a store. */
export interface WatchedFolder {
  /** There already. */
  readonly folder: string;
  readonly cache: EntryCache;
  readonly emit: (change: StoreChange) => void;
  /** Told when the folder itself is gone, or can no longer be watched. */
  readonly onLost: () => void;
}

/** Changes of one key within this time come as one. */
const GATHER_MS = 10;

/** Watches for files that come, go and are replaced, by whichever process. Returns the end of it. */
export function watchFolder({ folder, cache, emit, onLost }: WatchedFolder): () => void {
  /** By name: the revision told of last, and the key of a hashed name. */
  const told = new Map<string, { readonly revision?: string; readonly key: string }>();
  const names = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const inode = statSync(folder).ino;
  const tell = (name: string): void => {
    const entry = cache.find(name);
    const before = told.get(name);
    const known = entry?.key ?? before?.key ?? fileNameToKey(name);
    if (known === undefined) return;
    if (known === HASHED_KEY) return emit({ type: "reset" });
    if (before !== undefined && before.revision === entry?.revision) return;
    told.set(name, entry ? { revision: entry.revision, key: known } : { key: known });
    emit({ type: entry ? "put" : "delete", key: known });
  };
  const flush = (): void => {
    timer = undefined;
    if (statSync(folder, { throwIfNoEntry: false })?.ino !== inode) return onLost();
    const gathered = [...names];
    names.clear();
    for (const name of gathered) tell(name);
  };
  const watcher: FSWatcher = watch(folder, { persistent: false }, (_type, name) => {
    if (name === null) emit({ type: "reset" });
    else names.add(name);
    timer ??= setTimeout(flush, GATHER_MS);
  });
  watcher.on("error", onLost);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
