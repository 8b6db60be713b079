import type { Storage } from "@codemode/storage";

import type { EmbeddingProvider, LoadEmbeddingProvider, SkillSource } from "./skill-source.ts";

/** What a skill store works with. */
export interface SkillStoreOptions {
  /** Holds skills in its namespace `skills`. Stays open when the skill store is disposed. */
  readonly storage: Storage;
  /**
   * A folder where skills appear as plain files, and where edits by hand become new versions.
   * Default: none.
   */
  readonly folder?: string;
  /** Skills from elsewhere, read only. Default: none. */
  readonly sources?: readonly SkillSource[];
  /**
   * Makes `search` look for meaning too; words alone where `embed` fails. A function is asked for the
   * provider when it is first needed, and what it rejects with, `search` rejects with. Default: words
   * only.
   */
  readonly embedder?: EmbeddingProvider | LoadEmbeddingProvider;
}
