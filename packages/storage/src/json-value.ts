import type { JsonValue } from "@codemode/core";

import type { PutOptions, Store, StoredEntry } from "./storage.ts";
import { corruptError } from "./store-errors.ts";

/** A stored value that is JSON. It is unknown until a schema has seen it: others may write there. */
export interface StoredJson extends StoredEntry {
  readonly value: unknown;
}

/** What `putJson` puts where. */
export interface JsonToPut extends PutOptions {
  readonly key: string;
  readonly value: JsonValue;
}

/** The JSON value of a key. `STORAGE_CORRUPT` where what is there is no JSON. */
export async function getJson(store: Store, key: string): Promise<StoredJson | undefined> {
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(stored.value);
    const value: unknown = JSON.parse(text);
    return { ...stored, value };
  } catch (error) {
    throw corruptError(key, error);
  }
}

/** Puts a value as JSON text. */
export async function putJson(
  store: Store,
  { key, value, ...options }: JsonToPut,
): Promise<StoredEntry> {
  return await store.put(key, new TextEncoder().encode(JSON.stringify(value)), options);
}
