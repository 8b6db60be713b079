import { join, resolve } from "node:path";

import { createFileStore } from "./file/file-store.ts";
import { createStorageOfStores } from "./storage-of-stores.ts";
import type { Storage } from "./storage.ts";
import type { StoreLimits } from "./store-limits.ts";

/** Where files are kept. */
export interface FileStorageOptions extends Partial<StoreLimits> {
  /** The folder; made when first written to. Each namespace has a folder in it. */
  readonly path: string;
  /** How long a write waits for other processes that write the same key. Default 10 000. */
  readonly lockTimeoutMs?: number;
}

/**
 * Keeps values in files: what is acknowledged is on the disk. Processes of one machine share a
 * folder safely; machines share a Redis storage instead.
 */
export function createFileStorage(options: FileStorageOptions): Storage {
  const { lockTimeoutMs = 10_000 } = options;
  const root = resolve(options.path);
  return createStorageOfStores({
    limits: options,
    createStore: (namespace) => createFileStore(join(root, namespace), lockTimeoutMs),
  });
}
