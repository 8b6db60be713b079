import { checkNamespace } from "./key.ts";
import type { Storage, Store } from "./storage.ts";
import { disposedError } from "./store-errors.ts";

/**
 * A storage that `load` makes when it is first used: until then nothing is imported, connected or
 * created. A `load` that fails is tried again with the next use.
 */
export function createLazyStorage(load: () => Promise<Storage>): Storage {
  let loading: Promise<Storage> | undefined;
  let disposed = false;
  const storage = async (): Promise<Storage> => {
    if (disposed) throw disposedError();
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return await loading;
  };
  return {
    open(namespace) {
      if (disposed) throw disposedError();
      checkNamespace(namespace);
      return createLazyStore(async () => (await storage()).open(namespace));
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      // What could not be made needs no end.
      const made = await loading?.catch(() => {});
      await made?.[Symbol.asyncDispose]();
    },
  };
}

function createLazyStore(open: () => Promise<Store>): Store {
  return {
    get: async (...request) => await (await open()).get(...request),
    stat: async (...request) => await (await open()).stat(...request),
    put: async (...request) => await (await open()).put(...request),
    write: async (...request) => await (await open()).write(...request),
    read: async (...request) => await (await open()).read(...request),
    delete: async (...request) => await (await open()).delete(...request),
    list: async (...request) => await (await open()).list(...request),
    watch: async (...request) => await (await open()).watch(...request),
  };
}
