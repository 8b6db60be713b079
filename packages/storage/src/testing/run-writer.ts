import { writeSync } from "node:fs";

import { isCodemodeError } from "@codemode/core";

import { getJson, putJson } from "../json-value.ts";
import type { Store } from "../storage.ts";

/** What one of several processes does to a store that they share. */
export interface WriterTask {
  /** "puts": one key after another. "appends": numbers to the list of one key. */
  readonly does: "puts" | "appends";
  /** Tells this process from the others. */
  readonly name: string;
  readonly count: number;
}

/** The size of the values that "puts" puts, so that many are being written when the end comes. */
export const WRITER_VALUE_BYTES = 20_000;

/** Does it, and says on stdout at once what is acknowledged: a line each, `<name>-<number>`. */
export async function runWriter(store: Store, { does, name, count }: WriterTask): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const item = `${name}-${n}`;
    // oxlint-disable-next-line no-await-in-loop -- one after another
    await (does === "puts" ? putLarge(store, item) : append(store, item));
    // Not through a stream: what is said has to be out before the process may die.
    writeSync(1, `${item}\n`);
  }
}

async function putLarge(store: Store, item: string): Promise<void> {
  const value = item.padEnd(WRITER_VALUE_BYTES, ".");
  await store.put(`value/${item}`, new TextEncoder().encode(value));
}

async function append(store: Store, item: string): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- until nobody else was faster
    const stored = await getJson(store, "list");
    const items: readonly unknown[] = Array.isArray(stored?.value) ? stored.value : [];
    const value = [...items, item].map(String);
    const ifRevision = stored?.revision ?? null;
    try {
      // oxlint-disable-next-line no-await-in-loop -- until nobody else was faster
      return void (await putJson(store, { key: "list", value, ifRevision }));
    } catch (error) {
      if (!isCodemodeError(error, "STORAGE_CONFLICT")) throw error;
    }
  }
}
