import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";

import { CodemodeError } from "@codemode/core";
import type { Storage, StoreLimits } from "@codemode/storage";
import { createFileStorage, createLazyStorage, createMemoryStorage } from "@codemode/storage";

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
    return createLazyStorage(async () => await loadRedisStorage(named, limits, folder));
  }
  return createFileStorage({ ...limits, path: resolve(folder, named.path ?? DEFAULT_PATH) });
}

/** Its package and driver are loaded only here. */
async function loadRedisStorage(
  { url, nodes, prefix, timeout_ms, tls = {} }: StorageConfig,
  limits: Partial<StoreLimits>,
  folder: string,
): Promise<Storage> {
  const { createRedisStorage } = await import("@codemode/storage-redis");
  const read = async (path: string | undefined): Promise<Buffer | undefined> =>
    path === undefined ? undefined : await readCertificate(resolve(folder, path));
  const files = {
    ca: await read(tls.ca_file),
    cert: await read(tls.cert_file),
    key: await read(tls.key_file),
  };
  const given = Object.entries({ ...files, servername: tls.server_name });
  return createRedisStorage({
    ...limits,
    ...(url === undefined ? {} : { url }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(timeout_ms === undefined ? {} : { timeoutMs: timeout_ms }),
    tls: Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  });
}

async function readCertificate(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const message = `The file ${JSON.stringify(basename(path))} of storage.tls cannot be read. Correct its path, which starts at the config file.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
}
