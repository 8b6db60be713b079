import { unlink } from "node:fs/promises";
import { join } from "node:path";

import { CodemodeError, isCodemodeError } from "@codemode/core";
import { unless, withProcessLock } from "@codemode/core/node";

import type { PutOptions, StoredEntry } from "../storage.ts";
import { conflictError } from "../store-errors.ts";
import { keyToFileName } from "./file-name.ts";
import { readEntry } from "./file-reader.ts";
import { writeValueFile } from "./file-writer.ts";
import { createFolderSync, replaceFile } from "./folder.ts";
import { createKeyQueue } from "./key-queue.ts";
import type { StoreFolders } from "./store-folders.ts";

/** All that changes files. The folders have to be there. */
export interface StoreWriter {
  write(key: string, source: ValueSource, options: PutOptions): Promise<StoredEntry>;
  /** Whether there was one. */
  remove(key: string, ifRevision?: string): Promise<boolean>;
  /** Removes a value whose time is up, not one that took its place. */
  removeExpired(key: string): Promise<void>;
}

/** Bytes as they come, or all of them. */
type ValueSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Changes of one key follow one another, whichever process makes them. */
export function createStoreWriter(folders: StoreFolders, lockTimeoutMs: number): StoreWriter {
  const queue = createKeyQueue();
  const syncValues = createFolderSync(folders.values);
  const pathOf = (key: string): string => join(folders.values, keyToFileName(key));
  const locked = async <T>(key: string, body: () => Promise<T>): Promise<T> =>
    await queue(key, async () => {
      const lock = { folder: folders.locks, name: keyToFileName(key) };
      const options = { ...lock, timeoutMs: lockTimeoutMs, timeoutError: unavailable };
      return await withProcessLock(options, body);
    });
  const checkRevision = async (key: string, ifRevision?: string | null): Promise<void> => {
    if (ifRevision === undefined) return;
    const current = await readEntry(pathOf(key), key);
    if (ifRevision !== (current?.revision ?? null)) throw conflictError(key);
  };
  const removeFile = async (key: string): Promise<void> => {
    await unless(["ENOENT"], unlink(pathOf(key)));
    await syncValues();
  };
  return {
    async write(key, source, { ifRevision, ttlSeconds }) {
      // Before bytes are written in vain, and again when nobody else can write.
      await checkRevision(key, ifRevision);
      const file = { folder: folders.temporary, key, ttlSeconds };
      const { path, entry } = await writeValueFile(file, source);
      try {
        await locked(key, async () => {
          await checkRevision(key, ifRevision);
          await replaceFile(path, pathOf(key));
        });
      } catch (error) {
        await unless(["ENOENT"], unlink(path));
        throw error;
      }
      await syncValues();
      return entry;
    },
    remove: async (key, ifRevision) =>
      await locked(key, async () => {
        await checkRevision(key, ifRevision);
        const existed = await exists(pathOf(key), key);
        await removeFile(key);
        return existed;
      }),
    removeExpired: async (key) =>
      await locked(key, async () => {
        if (!(await exists(pathOf(key), key))) await removeFile(key);
      }),
  };
}

/** A damaged value is one. */
async function exists(path: string, key: string): Promise<boolean> {
  try {
    return (await readEntry(path, key)) !== undefined;
  } catch (error) {
    if (isCodemodeError(error, "STORAGE_CORRUPT")) return true;
    throw error;
  }
}

function unavailable(): CodemodeError {
  return new CodemodeError(
    "STORAGE_UNAVAILABLE",
    "Other processes have been writing the same value for too long. Try again.",
    { retryable: true },
  );
}
