import { checkNamespace } from "./key.ts";
import type { Storage, Store } from "./storage.ts";
import { disposedError } from "./store-errors.ts";
import type { StoreLimits } from "./store-limits.ts";
import { toStoreLimits } from "./store-limits.ts";
import { withStoreChecks } from "./with-store-checks.ts";

/** A store of a driver, without checks, and what ends it. */
export interface DriverStore {
  readonly store: Store;
  readonly end: () => Promise<void> | void;
}

/** What a driver gives; keys, options and sizes are checked for it, see `withStoreChecks`. */
export interface StorageDriver {
  /** Sizes of values; the defaults where none are given. */
  readonly limits: Partial<StoreLimits>;
  /** Called once for each namespace, which is a valid one. */
  readonly createStore: (namespace: string) => DriverStore;
  /** Called once, after the ends of all stores. */
  readonly end?: () => Promise<void>;
}

/** A storage out of a driver's stores. */
export function createStorageOfStores(driver: StorageDriver): Storage {
  const limits = toStoreLimits(driver.limits);
  const stores = new Map<string, DriverStore>();
  let ending: Promise<void> | undefined;
  const isDisposed = (): boolean => ending !== undefined;
  const end = async (): Promise<void> => {
    await Promise.all(Array.from(stores.values(), async (store) => await store.end()));
    await driver.end?.();
  };
  return {
    open(namespace) {
      if (isDisposed()) throw disposedError();
      checkNamespace(namespace);
      const opened = stores.get(namespace);
      if (opened !== undefined) return opened.store;
      const created = driver.createStore(namespace);
      const store = withStoreChecks(created.store, { limits, isDisposed });
      stores.set(namespace, { store, end: created.end });
      return store;
    },
    async [Symbol.asyncDispose]() {
      ending ??= end();
      await ending;
    },
  };
}
