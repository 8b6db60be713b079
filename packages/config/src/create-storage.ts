import { resolve } from "node:path";

import { CodemodeError } from "@codemode/core";
import type { Storage } from "@codemode/storage";
import { createFileStorage, createMemoryStorage } from "@codemode/storage";

import type { LoadedConfig } from "./load-config.ts";
import type { StorageConfig } from "./storage-schema.ts";

const DEFAULT_PATH = "./.codemode";

/**
 * The storage that a config names. Without the key: files beside the config file, and where there is
 * no file either, memory. Nothing is connected or created before its first use.
 */
export function createStorageFromConfig({
  config,
  file,
  folder,
}: Pick<LoadedConfig, "config" | "file" | "folder">): Storage {
  const named: StorageConfig = config.storage ?? { type: file === undefined ? "memory" : "file" };
  const limits = {
    ...(named.max_value_bytes === undefined ? {} : { maxValueBytes: named.max_value_bytes }),
    ...(named.max_stream_bytes === undefined ? {} : { maxStreamBytes: named.max_stream_bytes }),
  };
  if (named.type === "memory") return createMemoryStorage(limits);
  if (named.type === "redis") {
    const message = 'storage.type "redis" needs the package @codemode/storage-redis.';
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  return createFileStorage({ ...limits, path: resolve(folder, named.path ?? DEFAULT_PATH) });
}
