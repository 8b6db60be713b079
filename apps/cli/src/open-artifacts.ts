import { createArtifactsFromConfig, createStorageFromConfig, loadConfig } from "@codemode/config";
import { CodemodeError } from "@codemode/core";
import type { ArtifactStore, Storage } from "@codemode/storage";

import type { GlobalOptions } from "./options.ts";

/** The artifacts of the config, and what is to be closed after them. */
export interface OpenedArtifacts extends AsyncDisposable {
  readonly artifacts: ArtifactStore;
}

/** Opens no session and connects no server. `CONFIG_INVALID` where nothing would last. */
export async function openArtifacts(options: GlobalOptions): Promise<OpenedArtifacts> {
  const loaded = await loadConfig({ configPath: options.config });
  const { config, file } = loaded;
  if (config.storage === undefined ? file === undefined : config.storage.type === "memory") {
    const message =
      'Artifacts are kept in memory here, which ends with each command. Set "storage" in the config, for example { "type": "file" }; "codemode init" writes a config.';
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  const storage: Storage = createStorageFromConfig(loaded);
  return {
    artifacts: createArtifactsFromConfig(config, storage),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  };
}
