import { randomBytes } from "node:crypto";

import type { PutOptions, Store, StoredEntry } from "@codemode/storage";
import type { DriverStore } from "@codemode/storage/driver";
import { conflictError, corruptError } from "@codemode/storage/driver";

import type { BlobContext, WrittenValue } from "./redis-blobs.ts";
import { discardBlob, goneError, readBlob, writeValue } from "./redis-blobs.ts";
import { toEntry } from "./redis-entry.ts";
import { isForeign, isFull } from "./redis-errors.ts";
import { listIndex } from "./redis-index.ts";
import type { RedisListener } from "./redis-listener.ts";
import { DELETE_SCRIPT, PUT_SCRIPT } from "./redis-scripts.ts";
import { createRedisWatch } from "./redis-watch.ts";

/** What a store works with. */
export interface RedisStoreContext extends BlobContext {
  /** The connection that listens; asked for when somebody watches. */
  readonly listener: () => RedisListener;
}

/** A blob is kept for its readers so long after it was replaced. */
const KEEP_FOR_READERS_MS = 5 * 60 * 1000;

/** The store of one namespace. */
export function createRedisStore(context: RedisStoreContext): DriverStore {
  const { keys, connection } = context;
  const { watch, end } = createRedisWatch(keys.channel, context.listener);
  const store: Store = {
    get: async (key) => {
      const found = await readEntry(context, key);
      if (found === undefined) return undefined;
      const { entry, blob } = found;
      if (blob === undefined) return { ...entry, value: new Uint8Array(found.value) };
      const value = new Uint8Array(entry.size);
      let filled = 0;
      for await (const piece of readBlob(context, blob, [0, entry.size])) {
        value.set(piece, filled);
        filled += piece.byteLength;
      }
      return { ...entry, value };
    },
    stat: async (key) => {
      const fields = ["revision", "size", "updated", "expires"] as const;
      const texts = await asCorrupt(
        key,
        connection.run((redis) => redis.hmget(keys.entry(key), ...fields)),
      );
      const [revision, size, updated, expires] = texts.map((text) => text ?? undefined);
      if (texts.every((text) => text === null)) return undefined;
      return toEntry(key, { revision, size, updated, expires });
    },
    put: async (key, value, options = {}) =>
      await commit(context, key, [await writeValue(context, [value]), options]),
    write: async (key, source, options = {}) =>
      await commit(context, key, [await writeValue(context, source), options]),
    read: async (key, { start = 0, end: until = Infinity } = {}) => {
      const found = await readEntry(context, key);
      if (found === undefined) return undefined;
      const { entry, blob, value } = found;
      const range = [start, Math.min(until, entry.size)] as const;
      const chunks = blob === undefined ? onePiece(value, range) : readBlob(context, blob, range);
      return { ...entry, chunks };
    },
    delete: async (key, { ifRevision } = {}) => {
      const expected = toExpected(ifRevision);
      const replace = [key, expected, keys.channel, keys.blobPrefix, KEEP_FOR_READERS_MS];
      const result = await connection.run((redis) =>
        redis.eval(DELETE_SCRIPT, 2, keys.entry(key), keys.index, ...replace),
      );
      if (result === "conflict") throw conflictError(key);
      return result === 1;
    },
    list: (options = {}) => listIndex(context, options),
    watch,
  };
  return { store, end };
}

interface FoundEntry {
  readonly entry: StoredEntry;
  readonly value: Uint8Array;
  /** Where the value is not in the entry. */
  readonly blob: string | undefined;
}

async function readEntry(
  { keys, connection }: BlobContext,
  key: string,
): Promise<FoundEntry | undefined> {
  const fields = await asCorrupt(
    key,
    connection.run((redis) => redis.hgetallBuffer(keys.entry(key))),
  );
  if (Object.keys(fields).length === 0) return undefined;
  const text = (name: string): string | undefined => fields[name]?.toString();
  const entry = toEntry(key, {
    revision: text("revision"),
    size: text("size"),
    updated: text("updated"),
    expires: text("expires"),
  });
  const value = fields["value"] ?? Buffer.alloc(0);
  const blob = text("blob");
  if (blob === undefined && value.byteLength !== entry.size) throw corruptError(key);
  return { entry, value, blob };
}

async function asCorrupt<T>(key: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw isForeign(error) ? corruptError(key, error) : error;
  }
}

/** Puts what is written under its key, all at once. */
async function commit(
  context: BlobContext,
  key: string,
  [written, { ifRevision, ttlSeconds }]: readonly [WrittenValue, PutOptions],
): Promise<StoredEntry> {
  const { keys, connection } = context;
  const inEntry = "value" in written;
  const size = inEntry ? written.value.byteLength : written.size;
  const revision = randomBytes(9).toString("base64url");
  const ttl = ttlSeconds === undefined ? "" : Math.ceil(ttlSeconds * 1000);
  const replace = [key, toExpected(ifRevision), keys.channel, keys.blobPrefix, KEEP_FOR_READERS_MS];
  const value = inEntry ? ["value", written.value, 0] : ["blob", written.id, written.pieces];
  const content = [revision, size, ttl, ...value];
  const discard = async (): Promise<void> => {
    if (!inEntry) await discardBlob(context, written.id);
  };
  const result = await connection
    .run((redis) => redis.eval(PUT_SCRIPT, 2, keys.entry(key), keys.index, ...replace, ...content))
    .catch(async (error: unknown) => {
      // After any other failure the entry may name the blob all the same; else it expires by itself.
      if (isFull(error)) await discard();
      throw error;
    });
  if (Array.isArray(result)) {
    const [updated, expires] = result.map(String);
    return toEntry(key, { revision, size: String(size), updated, expires });
  }
  await discard();
  throw result === "conflict" ? conflictError(key) : goneError();
}

function toExpected(ifRevision: string | null | undefined): string {
  if (ifRevision === undefined) return "any";
  return ifRevision === null ? "none" : `=${ifRevision}`;
}

async function* onePiece(
  value: Uint8Array,
  [start, end]: readonly [number, number],
): AsyncGenerator<Uint8Array> {
  if (start < end) yield new Uint8Array(value.subarray(start, end));
}
