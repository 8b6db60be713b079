/**
 * Values that last, by namespace and key. Namespaces hold what belongs together ("skills",
 * "artifacts"); they share a driver, its connection and its folder.
 */
export interface Storage extends AsyncDisposable {
  /**
   * Lower-case letters, digits and hyphens, at most 64; else `STORAGE_KEY_INVALID`. Opening the
   * same one twice is the same store.
   */
  open(namespace: string): Store;
}

/**
 * The values of one namespace. A key is any well-formed text of 1 to 512 bytes in UTF-8 without
 * control characters; the driver keeps it safely whatever it spells (`../x`, `con`, `__proto__`),
 * else `STORAGE_KEY_INVALID`. Two keys that differ in one byte are two keys, on every file system.
 *
 * A value is there whole or not at all, whoever dies when. What a resolved `put` or `write` wrote
 * outlives the process, and the machine where the driver says so.
 *
 * Every method rejects with `STORAGE_UNAVAILABLE` (retryable) when the driver cannot answer within
 * its deadline, and `STORAGE_DISPOSED` after its end.
 */
export interface Store {
  /** The whole value. `undefined` where there is none, or its time is up. */
  get(key: string): Promise<StoredValue | undefined>;
  /** What `get` gives, without the bytes. */
  stat(key: string): Promise<StoredEntry | undefined>;
  /**
   * Replaces the whole value. `STORAGE_CONFLICT` where `ifRevision` does not hold, `STORAGE_LIMIT`
   * where it is larger than the driver's `maxValueBytes` (default 16 MiB).
   */
  put(key: string, value: Uint8Array, options?: PutOptions): Promise<StoredEntry>;
  /** As `put`, of bytes as they come, up to `maxStreamBytes` (default 1 GiB), held chunk by chunk only. */
  write(key: string, source: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredEntry>;
  /**
   * The bytes as they are asked for, of one revision to the end: a value replaced meanwhile does
   * not mix in. `undefined` where there is none.
   */
  read(key: string, range?: ByteRange): Promise<StoredStream | undefined>;
  /** Whether there was one. `STORAGE_CONFLICT` where `ifRevision` does not hold. */
  delete(key: string, options?: DeleteOptions): Promise<boolean>;
  /** Keys that begin with `prefix`, in the order of their UTF-8 bytes, a page at a time. */
  list(options?: ListOptions): Promise<ListPage>;
  /**
   * Told of changes by any process that shares the driver, soon after; several changes of one key
   * may come as one. Resolves once watching has begun. After a lost connection every key counts as
   * changed: `{ type: "reset" }`.
   */
  watch(options: WatchOptions, onChange: (change: StoreChange) => void): Promise<AsyncDisposable>;
}

/** What is known of a value. */
export interface StoredEntry {
  readonly key: string;
  /** Differs for any two writes of a key, also across deletion. Compare for equality only. */
  readonly revision: string;
  readonly size: number;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** ISO 8601; absent where the value stays. */
  readonly expiresAt?: string;
}

/** A value with its bytes. */
export interface StoredValue extends StoredEntry {
  readonly value: Uint8Array;
}

/** A value whose bytes are read one chunk after the other, all of one revision. */
export interface StoredStream extends StoredEntry {
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** How a value is written. */
export interface PutOptions {
  /** Write only over this revision; `null`: only where there is no value. Default: whatever is there. */
  readonly ifRevision?: string | null;
  /** Seconds until the value is gone. Default: it stays. */
  readonly ttlSeconds?: number;
}

/** When a value is deleted. */
export interface DeleteOptions {
  /** Delete only this revision. Default: whatever is there. */
  readonly ifRevision?: string;
}

/** Bytes from `start` up to, not including, `end`; beyond the value there are none. */
export interface ByteRange {
  /** Default 0. */
  readonly start?: number;
  /** Default: the end of the value. */
  readonly end?: number;
}

/** Which keys a page has. */
export interface ListOptions {
  /** Default: every key. */
  readonly prefix?: string;
  /** Default 1000, at most 10 000. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** A page of entries, in the order of their keys' bytes. */
export interface ListPage {
  readonly entries: readonly StoredEntry[];
  /** Given where there is more. */
  readonly next?: string;
}

/** Which changes are told. */
export interface WatchOptions {
  /** Default: every key. */
  readonly prefix?: string;
}

/** What changed. `reset`: changes may have been missed, so read anew what matters. */
export type StoreChange =
  | { readonly type: "put" | "delete"; readonly key: string }
  | { readonly type: "reset" };
