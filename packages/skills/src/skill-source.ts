import type { Diagnostic } from "@codemode/core";

import type { SkillFiles, SkillOrigin, SkillSummary } from "./skill.ts";

/**
 * Skills from elsewhere that a store shows beside its own: a folder, an upstream MCP server. They
 * are read only, and being found gives them nothing: their code runs as any other, in the sandbox,
 * with at most the tools of who runs it.
 */
export interface SkillSource {
  readonly origin: SkillOrigin;
  /** Asked when skills are looked at; may answer from memory. What fails is told as a diagnostic. */
  list(): Promise<SkillSourceListing>;
  /** Files of a skill of the listing; checked as a stranger's. `undefined` where it is gone. */
  read(name: string): Promise<SkillFiles | undefined>;
  /** Told when `list` would answer anew. */
  watch?(onChange: () => void): Disposable;
}

/** What a source has now. */
export interface SkillSourceListing {
  readonly skills: readonly SourceSkill[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What a source knows without reading a skill whole. */
export type SourceSkill = Pick<SkillSummary, "name" | "description" | "tags"> &
  Partial<Pick<SkillSummary, "signature">>;

/** Turns texts into vectors, for searching by meaning. */
export interface EmbeddingProvider {
  /** Names the model: vectors of two ids are never compared. */
  readonly id: string;
  /** One vector a text, all of one length. */
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
}

/** Gives the provider. Called at the first search, and again at the next one where it rejected. */
export type LoadEmbeddingProvider = () => Promise<EmbeddingProvider>;
