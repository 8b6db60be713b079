import { CodemodeError } from "@codemode/core";

import type { Store } from "../storage.ts";
import type { CheckedOptions } from "./artifact-options.ts";

/** What all artifacts together may hold. */
export interface ArtifactQuota {
  /** For one save of so many bytes as its reservation takes. */
  reserve(name: string): Reservation;
  /** Bytes of a version that is deleted. */
  free(bytes: number): void;
}

/** The bytes of a save on its way. */
export interface Reservation {
  /** Counts bytes about to be written; `STORAGE_LIMIT` where they do not fit. */
  take(bytes: number): Promise<void>;
  /** The save is over: its bytes are stored, or there are none. */
  end(how: "stored" | "failed"): void;
}

// What other processes save is seen so late at most, later where counting is slow: it may take a fiftieth of the time.
const COUNT_EVERY_MS = 5_000;
const COUNT_SHARE = 50;
/** Over the quota it is looked again whether there is room, but not for each of many saves. */
const RECOUNT_MS = 250;

/** Counts the bytes of a store; calls `makeRoom` before it refuses. */
export function createArtifactQuota(
  store: Store,
  quotaBytes: number,
  makeRoom: () => Promise<unknown>,
): ArtifactQuota {
  let stored = 0;
  let underway = 0;
  let countedAt = Number.NEGATIVE_INFINITY;
  let staleAfterMs = 0;
  let counting: Promise<void> | undefined;

  const count = async (): Promise<void> => {
    const start = performance.now();
    stored = await countBytes(store);
    countedAt = performance.now();
    staleAfterMs = Math.max(COUNT_EVERY_MS, (countedAt - start) * COUNT_SHARE);
  };
  const countAgain = async (olderThanMs: number): Promise<void> => {
    if (performance.now() - countedAt <= olderThanMs) return;
    counting ??= count().finally(() => {
      counting = undefined;
    });
    await counting;
  };
  const isOver = (bytes: number): boolean => stored + underway + bytes > quotaBytes;
  const take = async (name: string, bytes: number): Promise<void> => {
    await countAgain(staleAfterMs);
    if (isOver(bytes) && performance.now() - countedAt > RECOUNT_MS) {
      await makeRoom();
      await countAgain(RECOUNT_MS);
    }
    if (isOver(bytes)) throw overQuota(name, { bytes, used: stored + underway, quotaBytes });
    underway += bytes;
  };
  return {
    reserve(name) {
      let taken = 0;
      return {
        async take(bytes) {
          await take(name, bytes);
          taken += bytes;
        },
        end(how) {
          underway -= taken;
          if (how === "stored") stored += taken;
          taken = 0;
        },
      };
    },
    free(bytes) {
      stored = Math.max(0, stored - bytes);
    },
  };
}

/** What an entry of a store takes beside its bytes: nothing is kept for nothing. */
const ENTRY_BYTES = 256;

/** What a version takes beside its data: its bytes' entry, and its part of the record. */
export function overheadOf(options: Pick<CheckedOptions, "description" | "metadata">): number {
  const { description, metadata } = options;
  return (
    2 * ENTRY_BYTES + Buffer.byteLength(description) + Buffer.byteLength(JSON.stringify(metadata))
  );
}

/** Of all records and all versions. */
async function countBytes(store: Store): Promise<number> {
  let bytes = 0;
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await store.list({
      limit: 10_000,
      ...(after === undefined ? {} : { after }),
    });
    for (const { size } of page.entries) bytes += size + ENTRY_BYTES;
    after = page.next;
  } while (after !== undefined);
  return bytes;
}

interface Use {
  readonly bytes: number;
  readonly used: number;
  readonly quotaBytes: number;
}

function overQuota(name: string, { bytes, used, quotaBytes }: Use): CodemodeError {
  const message = `${JSON.stringify(name)} does not fit: artifacts hold ${used} of their quota of ${quotaBytes} bytes, and ${bytes} more are to be saved. Delete artifacts that are not needed, give them a time to live, or raise the quota.`;
  return new CodemodeError("STORAGE_LIMIT", message, { details: { quotaBytes, used, bytes } });
}
