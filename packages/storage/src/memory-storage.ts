import { randomBytes } from "node:crypto";

import { createChangeListeners } from "./change-listeners.ts";
import { toExpiry } from "./expiry.ts";
import { toPage } from "./list-page.ts";
import { createMemoryValues } from "./memory-values.ts";
import type { DriverStore } from "./storage-of-stores.ts";
import { createStorageOfStores } from "./storage-of-stores.ts";
import type { PutOptions, Storage, Store, StoredEntry, StoredValue } from "./storage.ts";
import { conflictError } from "./store-errors.ts";
import type { StoreLimits } from "./store-limits.ts";

/** Keeps values in this process, as long as the storage lives. */
export function createMemoryStorage(options: Partial<StoreLimits> = {}): Storage {
  return createStorageOfStores({ limits: options, createStore: createMemoryStore });
}

function createMemoryStore(): DriverStore {
  const values = createMemoryValues();
  const listeners = createChangeListeners();
  /** Takes over `value`. */
  const set = (
    key: string,
    value: Uint8Array,
    { ifRevision, ttlSeconds }: PutOptions,
  ): StoredEntry => {
    checkRevision(values.get(key), key, ifRevision);
    const stored = {
      key,
      revision: randomBytes(9).toString("base64url"),
      size: value.byteLength,
      updatedAt: new Date().toISOString(),
      ...toExpiry(ttlSeconds),
      value,
    };
    values.set(stored);
    listeners.emit({ type: "put", key });
    return toEntry(stored);
  };
  const store: Store = {
    get: async (key) => {
      const stored = values.get(key);
      return stored && { ...stored, value: stored.value.slice() };
    },
    stat: async (key) => {
      const stored = values.get(key);
      return stored && toEntry(stored);
    },
    put: async (key, value, options = {}) => set(key, new Uint8Array(value), options),
    write: async (key, source, options = {}) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source) chunks.push(chunk.slice());
      return set(key, new Uint8Array(Buffer.concat(chunks)), options);
    },
    read: async (key, { start = 0, end = Infinity } = {}) => {
      const stored = values.get(key);
      if (stored === undefined) return undefined;
      const bytes = stored.value.subarray(start, Math.min(Math.max(start, end), stored.size));
      return { ...toEntry(stored), chunks: toChunks(bytes) };
    },
    delete: async (key, { ifRevision } = {}) => {
      const stored = values.get(key);
      checkRevision(stored, key, ifRevision);
      if (stored === undefined) return false;
      values.delete(key);
      listeners.emit({ type: "delete", key });
      return true;
    },
    list: async (options = {}) =>
      toPage(values.sortedKeys(), options, (key) => {
        const stored = values.get(key);
        return stored && toEntry(stored);
      }),
    watch: async (options, onChange) => listeners.add(options, onChange),
  };
  return { store, end: () => listeners.clear() };
}

function checkRevision(
  stored: StoredEntry | undefined,
  key: string,
  ifRevision: string | null | undefined,
): void {
  if (ifRevision === undefined || ifRevision === (stored?.revision ?? null)) return;
  throw conflictError(key);
}

function toEntry({ value: _value, ...entry }: StoredValue): StoredEntry {
  return entry;
}

const CHUNK_BYTES = 256 * 1024;

/** Copies, so that nobody changes what is stored. */
async function* toChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.byteLength; offset += CHUNK_BYTES) {
    yield bytes.slice(offset, offset + CHUNK_BYTES);
  }
}
