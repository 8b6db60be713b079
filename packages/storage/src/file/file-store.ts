import { join } from "node:path";

import type { DriverStore } from "../storage-of-stores.ts";
import type { Store } from "../storage.ts";
import { createEntryCache } from "./entry-cache.ts";
import { createExpiredKeys } from "./expired-keys.ts";
import { asStorageErrors } from "./file-errors.ts";
import { keyToFileName } from "./file-name.ts";
import type { OpenStreams } from "./file-reader.ts";
import { readEntry, readStream, readValue } from "./file-reader.ts";
import { listFolder } from "./list-folder.ts";
import { createStoreFolders } from "./store-folders.ts";
import { createStoreWatch } from "./store-watch.ts";
import { createStoreWriter } from "./store-writer.ts";

/** The store of one namespace, in a folder of its own that is made when first written to. */
export function createFileStore(root: string, lockTimeoutMs: number): DriverStore {
  let sweeping: Promise<unknown> | undefined;
  const folders = createStoreFolders(root, () => {
    // What fails is swept the next time.
    sweeping = listFolder(listed, { limit: Infinity }).catch(() => {});
  });
  const cache = createEntryCache(folders.values);
  const writer = createStoreWriter(folders, lockTimeoutMs);
  const expired = createExpiredKeys((key) => writer.removeExpired(key));
  const onExpired = (key: string): void => expired.add(key);
  const listed = { folder: folders.values, cache, onExpired };
  const streams: OpenStreams = new Set();
  const watching = createStoreWatch(folders, cache);
  const pathOf = (key: string): string => join(folders.values, keyToFileName(key));
  const store: Store = {
    get: (key) => asStorageErrors(() => readValue(pathOf(key), key)),
    stat: (key) => asStorageErrors(() => readEntry(pathOf(key), key)),
    put: (key, value, options = {}) =>
      asStorageErrors(() => folders.useRepeatedly(() => writer.write(key, [value], options))),
    write: async (key, source, options = {}) => {
      const { tracked, failure } = trackFailure(source);
      try {
        return await asStorageErrors(() => folders.use(() => writer.write(key, tracked, options)));
      } catch (error) {
        // What the source failed with is its own matter, whatever its code looks like.
        throw failure() ?? error;
      }
    },
    read: (key, range = {}) =>
      asStorageErrors(() => readStream({ path: pathOf(key), key, streams }, range)),
    delete: (key, { ifRevision } = {}) =>
      asStorageErrors(() => folders.useRepeatedly(() => writer.remove(key, ifRevision))),
    list: (options = {}) => asStorageErrors(() => listFolder(listed, options)),
    watch: (options, onChange) => asStorageErrors(() => watching.watch(options, onChange)),
  };
  const end = async (): Promise<void> => {
    watching.end();
    await Promise.all([...streams].map((close) => close()));
    await sweeping;
    await expired.settled();
  };
  return { store, end };
}

interface TrackedSource {
  readonly tracked: AsyncIterable<Uint8Array>;
  readonly failure: () => unknown;
}

function trackFailure(source: AsyncIterable<Uint8Array>): TrackedSource {
  let failure: unknown;
  async function* track(): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { tracked: track(), failure: () => failure };
}
