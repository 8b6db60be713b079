import { isExpired } from "./expiry.ts";
import { compareKeys } from "./key.ts";
import type { StoredValue } from "./storage.ts";

/** The values of a memory store, without those whose time is up. */
export interface MemoryValues {
  get(key: string): StoredValue | undefined;
  set(value: StoredValue): void;
  delete(key: string): void;
  sortedKeys(): readonly string[];
}

/** Starts with none. */
export function createMemoryValues(): MemoryValues {
  const values = new Map<string, StoredValue>();
  let sorted: readonly string[] | undefined;
  const remove = (key: string): void => {
    if (values.delete(key)) sorted = undefined;
  };
  const get = (key: string): StoredValue | undefined => {
    const stored = values.get(key);
    if (stored === undefined || !isExpired(stored)) return stored;
    remove(key);
    return undefined;
  };
  return {
    get,
    set(value) {
      if (!values.has(value.key)) sorted = undefined;
      values.set(value.key, value);
    },
    delete: remove,
    sortedKeys() {
      for (const key of values.keys()) get(key);
      sorted ??= [...values.keys()].toSorted(compareKeys);
      return sorted;
    },
  };
}
