import { createHash } from "node:crypto";

import { isCodemodeError } from "@codemode/core";

import type { Store, StoredEntry } from "./storage.ts";

/** Values that nothing leads to but a record that names them. They are written before it does. */
export interface NamedValues {
  readonly prefix: string;
  /** Whether a record names it now. */
  readonly isNamed: (key: string) => Promise<boolean>;
}

const MARKS = "swept/";
/** When it was last swept. */
const CLOCK = `${MARKS}clock`;
const HOUR_MS = 60 * 60_000;
/** Who has not named what it wrote for that long has most likely died. */
const ABANDONED_MS = HOUR_MS;
const SWEEP_EVERY_MS = 24 * HOUR_MS;
/** Longer than anybody sleeps between writing and naming. */
const MARK_SECONDS = 30 * 24 * 3600;

/**
 * Deletes values that no record names, left by who died before it did. Who is only slow is not
 * harmed: each value is marked, then it is looked once more whether it is named, and who names a value
 * asks `isSwept` afterwards. One of the two sees the other.
 */
export async function sweepUnnamed(
  store: Store,
  { prefix, isNamed }: NamedValues,
): Promise<readonly StoredEntry[]> {
  const now = await setClock(store);
  const swept: StoredEntry[] = [];
  const mayBeNamed = async (key: string): Promise<boolean> => {
    try {
      return await isNamed(key);
    } catch (error) {
      // A record that cannot be read may be put back some day.
      if (isCodemodeError(error, "STORAGE_CORRUPT")) return true;
      throw error;
    }
  };
  const sweep = async (entry: StoredEntry): Promise<void> => {
    const { key, revision, updatedAt } = entry;
    if (now - Date.parse(updatedAt) < ABANDONED_MS || (await mayBeNamed(key))) return;
    await store.put(markOf(key), new Uint8Array(), { ttlSeconds: MARK_SECONDS });
    if (await mayBeNamed(key)) return;
    // Not what was written again meanwhile.
    if (await store.delete(key, { ifRevision: revision }).catch(ignoreConflict)) swept.push(entry);
  };
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await store.list({ prefix, ...(after === undefined ? {} : { after }) });
    // oxlint-disable-next-line no-await-in-loop -- in order: what one record names is beside each other
    for (const entry of page.entries) await sweep(entry);
    after = page.next;
  } while (after !== undefined);
  return swept;
}

/** For who has just named a value: whether a sweep may have taken it before. */
export async function isSwept(store: Store, key: string): Promise<boolean> {
  return (await store.stat(markOf(key))) !== undefined;
}

/**
 * Sweeps once a day, whichever process comes first. To be told of what was just written, whose time is
 * the store's own. Sweeping that fails is done by who comes next.
 */
export function createDailySweep(
  store: Store,
  sweep: () => Promise<unknown>,
): (written: StoredEntry) => void {
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async (now: number): Promise<void> => {
    const clock = await store.stat(CLOCK);
    // A new store has nothing to sweep.
    if (clock === undefined) await setClock(store);
    else if (Math.abs(now - Date.parse(clock.updatedAt)) > SWEEP_EVERY_MS) await sweep();
  };
  return ({ updatedAt }) => {
    const now = Date.parse(updatedAt);
    if (Math.abs(now - lookedAt) < HOUR_MS) return;
    lookedAt = now;
    look(now).catch(() => {});
  };
}

/** Gives the store's own time: another machine's clock may be wrong. */
async function setClock(store: Store): Promise<number> {
  const { updatedAt } = await store.put(CLOCK, new Uint8Array());
  return Date.parse(updatedAt);
}

/** A key as long as it may be would leave no room for more. */
function markOf(key: string): string {
  return MARKS + createHash("sha256").update(key).digest("base64url");
}

function ignoreConflict(error: unknown): boolean {
  if (isCodemodeError(error, "STORAGE_CONFLICT")) return false;
  throw error;
}
