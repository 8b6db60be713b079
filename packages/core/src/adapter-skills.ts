import type { Diagnostic } from "./diagnostic.ts";

/** Skills that a server has, where its protocol knows them: instructions and files to read. */
export interface AdapterSkills {
  /** Connects if need be. None where the server has no skills; rejects as `listTools` does. */
  list(options: { readonly signal: AbortSignal }): Promise<AdapterSkillListing>;
  /**
   * All files of a skill of the listing, each checked against its digest, by path with `SKILL.md`
   * among them. `undefined` where it is gone.
   */
  read(
    name: string,
    options: { readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<string, string | Uint8Array> | undefined>;
}

/** What the skills of a server are called, and what had to be left out and why. */
export interface AdapterSkillListing {
  readonly skills: readonly { readonly name: string; readonly description: string }[];
  readonly diagnostics: readonly Diagnostic[];
}
