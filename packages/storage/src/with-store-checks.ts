import { CodemodeError } from "@codemode/core";

import { checkKey } from "./key.ts";
import type { ByteRange, ListOptions, PutOptions, Store } from "./storage.ts";
import { disposedError } from "./store-errors.ts";
import type { StoreLimits } from "./store-limits.ts";
import { checkSize } from "./store-limits.ts";

/** What the checks need to know of a driver. */
export interface StoreChecks {
  readonly limits: StoreLimits;
  readonly isDisposed: () => boolean;
}

const DEFAULT_PAGE = 1000;
const MAX_PAGE = 10_000;
/** A hundred years. */
const MAX_TTL_SECONDS = 3_153_600_000;

/**
 * What is the same for every driver: keys, options and sizes are checked before the driver sees
 * them, and nothing passes after disposal. The driver's `list` gets its `limit`, its `read` a range
 * with a `start`.
 */
export function withStoreChecks(store: Store, { limits, isDisposed }: StoreChecks): Store {
  const check = (key: string): void => {
    checkAlive(isDisposed);
    checkKey(key);
  };
  return {
    get: async (key) => {
      check(key);
      return await store.get(key);
    },
    stat: async (key) => {
      check(key);
      return await store.stat(key);
    },
    put: async (key, value, options) => {
      check(key);
      checkPutOptions(options);
      checkSize(key, value.byteLength, ["maxValueBytes", limits.maxValueBytes]);
      return await store.put(key, value, options);
    },
    write: async (key, source, options) => {
      check(key);
      checkPutOptions(options);
      return await store.write(key, limited(key, source, limits), options);
    },
    read: async (key, range = {}) => {
      check(key);
      return await store.read(key, toRange(range));
    },
    delete: async (key, options) => {
      check(key);
      return await store.delete(key, options);
    },
    list: async (options = {}) => {
      checkAlive(isDisposed);
      return await store.list({ ...options, limit: toLimit(options) });
    },
    watch: async (options, onChange) => {
      checkAlive(isDisposed);
      return await store.watch(options, onChange);
    },
  };
}

function checkAlive(isDisposed: () => boolean): void {
  if (isDisposed()) throw disposedError();
}

function checkPutOptions({ ttlSeconds }: PutOptions = {}): void {
  if (ttlSeconds === undefined || (ttlSeconds > 0 && ttlSeconds <= MAX_TTL_SECONDS)) return;
  throw invalid(`ttlSeconds is ${ttlSeconds}. Give a number above 0, at most ${MAX_TTL_SECONDS}.`);
}

function toRange({ start = 0, end }: ByteRange): ByteRange {
  for (const offset of [start, end ?? 0]) {
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw invalid(
        `A range from ${start} to ${end ?? "the end"} is none. Give integers from 0 on.`,
      );
    }
  }
  return end === undefined ? { start } : { start, end };
}

function toLimit({ limit = DEFAULT_PAGE }: ListOptions): number {
  if (Number.isInteger(limit) && limit > 0 && limit <= MAX_PAGE) return limit;
  throw invalid(`A page of ${limit} keys is refused. Give an integer from 1 to ${MAX_PAGE}.`);
}

function invalid(message: string): CodemodeError {
  return new CodemodeError("INVALID_ARGUMENTS", message);
}

async function* limited(
  key: string,
  source: AsyncIterable<Uint8Array>,
  { maxStreamBytes }: StoreLimits,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    checkSize(key, size, ["maxStreamBytes", maxStreamBytes]);
    if (chunk.byteLength > 0) yield chunk;
  }
}
