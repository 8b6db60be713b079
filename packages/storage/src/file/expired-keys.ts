/** Values whose time is up, which are removed when there is time. */
export interface ExpiredKeys {
  add(key: string): void;
  /** When those added so far are removed. */
  settled(): Promise<void>;
}

/** Removes one after another. What fails is noticed again when somebody next lists it. */
export function createExpiredKeys(remove: (key: string) => Promise<void>): ExpiredKeys {
  const keys = new Set<string>();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (const key of keys) {
      // oxlint-disable-next-line no-await-in-loop -- one after another, so that others get their turn
      await remove(key).catch(() => {});
      keys.delete(key);
    }
    running = undefined;
  };
  return {
    add(key) {
      keys.add(key);
      running ??= run();
    },
    settled: async () => await running,
  };
}
