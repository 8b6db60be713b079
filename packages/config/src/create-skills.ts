import { resolve } from "node:path";

import type { ToolAdapter } from "@codemode/core";
import type { SkillSource, SkillStore } from "@codemode/skills";
import { createAdapterSource, createFolderSource, createSkillStore } from "@codemode/skills";
import type { Storage } from "@codemode/storage";

import type { LoadedConfig } from "./load-config.ts";
import { createEmbedderLoader } from "./load-embedder.ts";

/** What differs from the config. */
export interface ConfigSkillsOptions {
  /** Further sources, after the folders of `skills_directories`. Default: none. */
  readonly sources?: readonly SkillSource[];
}

/** The skills that a config describes, in its storage; without a config file, in no folder. */
export function createSkillsFromConfig(
  { config, file, folder }: Pick<LoadedConfig, "config" | "file" | "folder">,
  storage: Storage,
  { sources = [] }: ConfigSkillsOptions = {},
): SkillStore {
  const folders = config.skills_directories.map((path) =>
    createFolderSource(resolve(folder, path)),
  );
  return createSkillStore({
    storage,
    sources: [...folders, ...sources],
    ...(config.embeddings === undefined
      ? {}
      : { embedder: createEmbedderLoader(config.embeddings, folder) }),
    ...(file === undefined ? {} : { folder: resolve(folder, config.skills_path) }),
  });
}

/** Skills that servers have beside their tools, to read. */
export function upstreamSkills(adapters: readonly ToolAdapter[]): readonly SkillSource[] {
  return adapters.map(createAdapterSource).filter((source) => source !== undefined);
}
