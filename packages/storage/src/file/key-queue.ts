/** Runs what concerns one key in the order asked for, other keys at the same time. */
export type KeyQueue = <T>(key: string, body: () => Promise<T>) => Promise<T>;

/** Starts with nothing to do. */
export function createKeyQueue(): KeyQueue {
  const last = new Map<string, Promise<unknown>>();
  return async (key, body) => {
    const before = last.get(key);
    const mine = (async () => {
      // Whether that one failed is for its own caller.
      await before?.catch(() => {});
      return await body();
    })();
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
