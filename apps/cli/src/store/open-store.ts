import { resolve } from "node:path";

import { createArtifactsFromConfig, createStorageFromConfig, loadConfig } from "@codemode/config";
import { CodemodeError } from "@codemode/core";
import type { Storage } from "@codemode/storage";

import type { GlobalOptions } from "../options.ts";
import { createArtifactCollection } from "./artifact-collection.ts";
import type { Collection } from "./collection.ts";
import { createSkillCollection } from "./skill-collection.ts";
import { createToolCollection } from "./tool-collection.ts";

/** The collections that a command is about. */
export interface OpenedStore extends AsyncDisposable {
  readonly collections: readonly Collection[];
}

/** Opens the store of `--redis`, or that of the config. The folder has one folder for each type. */
export async function openStore(folder: unknown, options: GlobalOptions): Promise<OpenedStore> {
  const loaded = await loadConfig({ configPath: options.config });
  const { config, file } = loaded;
  const isMemory =
    config.storage === undefined ? file === undefined : config.storage.type === "memory";
  if (options.redis === undefined && isMemory) {
    throw new CodemodeError(
      "CONFIG_INVALID",
      'There is no store that lasts. Give --redis <url>, or set "storage" in the config.',
    );
  }
  const redis = options.redis === undefined ? undefined : await openRedis(options.redis, options);
  const storage = redis ?? createStorageFromConfig(loaded);
  const place = resolve(typeof folder === "string" ? folder : ".");
  const all = [
    createSkillCollection(storage, resolve(place, "skills")),
    createArtifactCollection(
      createArtifactsFromConfig(config, storage),
      resolve(place, "artifacts"),
    ),
    createToolCollection(storage, resolve(place, "tools")),
  ];
  return {
    collections: all.filter(({ type }) => options.type === undefined || type === options.type),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  };
}

async function openRedis(url: string, { prefix }: GlobalOptions): Promise<Storage> {
  const { createRedisStorage } = await import("@codemode/storage-redis");
  return createRedisStorage({ url, ...(prefix === undefined ? {} : { prefix }) });
}
