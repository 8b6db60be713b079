/** What a namespace's keys in Redis are called. All are in one slot of a cluster, by their `{tag}`. */
export interface RedisKeys {
  /** A hash: revision, size, times, and the value or the name of its blob. */
  entry(key: string): string;
  /** A sorted set of `<key> NUL <entry>`, in the order of the keys' bytes. */
  readonly index: string;
  /** A hash of the pieces of a large value, by number. Its name never comes again. */
  blob(id: string): string;
  readonly blobPrefix: string;
  /** Where changes are published. */
  readonly channel: string;
}

/** `{prefix}:{namespace}:...`, the second part twice, because it is the cluster's tag as well. */
export function createRedisKeys(prefix: string, namespace: string): RedisKeys {
  const base = `${prefix}:${namespace}:{${namespace}}`;
  const blobPrefix = `${base}:blob:`;
  return {
    entry: (key) => `${base}:entry:${key}`,
    index: `${base}:index`,
    blob: (id) => blobPrefix + id,
    blobPrefix,
    channel: `${base}:changes`,
  };
}
