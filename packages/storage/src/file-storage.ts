import { join, resolve } from "node:path";

import type { FileStore } from "./file/file-store.ts";
import { createFileStore } from "./file/file-store.ts";
import { checkNamespace } from "./key.ts";
import type { Storage, Store } from "./storage.ts";
import { disposedError } from "./store-errors.ts";
import type { StoreLimits } from "./store-limits.ts";
import { toStoreLimits } from "./store-limits.ts";
import { withStoreChecks } from "./with-store-checks.ts";

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
  const limits = toStoreLimits(options);
  const stores = new Map<string, FileStore & { readonly checked: Store }>();
  let disposed = false;
  return {
    open(namespace) {
      if (disposed) throw disposedError();
      checkNamespace(namespace);
      let opened = stores.get(namespace);
      if (opened === undefined) {
        const fileStore = createFileStore(join(root, namespace), lockTimeoutMs);
        const checked = withStoreChecks(fileStore.store, { limits, isDisposed: () => disposed });
        opened = { ...fileStore, checked };
        stores.set(namespace, opened);
      }
      return opened.checked;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([...stores.values()].map(({ end }) => end()));
      stores.clear();
    },
  };
}
