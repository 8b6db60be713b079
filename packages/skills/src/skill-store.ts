import type { Diagnostic, JsonSchema } from "@codemode/core";

import type { Skill, SkillFiles, SkillStatus, SkillSummary } from "./skill.ts";

/**
 * Skills by name: those of the store, which have versions, and those of its sources, which can only
 * be read. Where two have one name, the store's is it, then the first source's.
 */
export interface SkillStore extends AsyncDisposable {
  /** Differs after every change that was seen, of whichever process. Compare for equality only. */
  readonly revision: number;
  /** By name, without what is archived. */
  list(options?: ListSkillsOptions): Promise<SkillListing>;
  search(query: string, options?: SearchSkillsOptions): Promise<SkillSearchResult>;
  /** By name or identifier. `SKILL_NOT_FOUND`, with the nearest names. */
  get(name: string, options?: GetSkillOptions): Promise<Skill>;
  /** As `save`, but `SKILL_EXISTS` where there is one. */
  create(draft: SkillDraft): Promise<Skill>;
  /**
   * A new skill or a new version; neither where the newest version has the same contents.
   * `SKILL_INVALID` says what is wrong, and where.
   */
  save(draft: SkillDraft): Promise<Skill>;
  /** A new version with some things replaced. `SKILL_NOT_FOUND`. */
  update(name: string, changes: SkillChanges): Promise<Skill>;
  /** With all versions. Whether there was one. `SKILL_INVALID` of what is read only. */
  delete(name: string): Promise<boolean>;
  /** Oldest first. */
  versions(name: string): Promise<readonly SkillVersion[]>;
  /** Makes a new version of an old one's contents. */
  rollback(name: string, version: number): Promise<Skill>;
  setStatus(name: string, status: SkillStatus): Promise<SkillSummary>;
  /** Writes skills as plain files into a folder: `<name>.ts` or `<name>/SKILL.md`. */
  exportTo(folder: string, options?: ChooseSkillsOptions): Promise<SkillTransfer>;
  /** Saves every skill found in a folder. What is broken is told in `diagnostics`; the rest is saved. */
  importFrom(folder: string, options?: ChooseSkillsOptions): Promise<SkillTransfer>;
  /** Skills as one JSON document. */
  exportBundle(options?: ChooseSkillsOptions): Promise<SkillBundle>;
  /** Saves the skills of a document, which is checked as a stranger's. */
  importBundle(bundle: unknown): Promise<SkillTransfer>;
  /** Called after `revision` changed, by whomever. Dispose to be told no more. */
  watch(onChange: () => void): Disposable;
}

/** Which skills, and how many. */
export interface ListSkillsOptions {
  /** Only skills with all of these. */
  readonly tags?: readonly string[];
  /** Default: `draft` and `active`. */
  readonly status?: SkillStatus | readonly SkillStatus[];
  /** Default 100. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** A page of skills, in the order of their names. */
export interface SkillListing {
  readonly skills: readonly SkillSummary[];
  /** How many there are on all pages. */
  readonly total: number;
  /** Given where there is more. */
  readonly next?: string;
  /** Skills that could not be read, by name, and names that hide another. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a search looks at. */
export interface SearchSkillsOptions {
  /** Default 5. */
  readonly limit?: number;
  readonly tags?: readonly string[];
  /** Default: `active` alone. */
  readonly status?: SkillStatus | readonly SkillStatus[];
}

/** What a search found. */
export interface SkillSearchResult {
  /** Best first. */
  readonly hits: readonly SkillHit[];
  /** `lexical` also where an embedding provider failed; `diagnostics` then says so. */
  readonly mode: "lexical" | "semantic";
  readonly diagnostics: readonly Diagnostic[];
}

/** One found skill. */
export interface SkillHit extends SkillSummary {
  /** Comparable within one answer only. */
  readonly score: number;
}

/** Which version is read. */
export interface GetSkillOptions {
  /** Default: the newest. */
  readonly version?: number;
}

/**
 * A skill as it is handed in: its `files`, or a module's `source`, or instructions in `body`, with
 * the fields that are then written into its file. Fields win over what the files say.
 */
export interface SkillDraft extends SkillFields {
  readonly name: string;
  /** `SKILL.md` and what stands beside it, or one `<name>.ts`. */
  readonly files?: SkillFiles | Readonly<Record<string, string | Uint8Array>>;
  /** One TypeScript module that exports a function. */
  readonly source?: string;
}

/** What can be replaced in a skill; what is absent stays. */
export interface SkillChanges extends SkillFields {
  readonly files?: SkillDraft["files"];
  /** Of the entry. */
  readonly source?: string;
}

/** What is written into the front matter or the doc comment. */
export interface SkillFields {
  readonly description?: string;
  /** Markdown; makes a folder of what was a single file. */
  readonly body?: string;
  readonly tags?: readonly string[];
  /** Default: as it was; `active` of what is new. */
  readonly status?: SkillStatus;
  /** Stands in for what is derived from the source. */
  readonly parameters?: JsonSchema;
  readonly allowedTools?: readonly string[];
  readonly deniedTools?: readonly string[];
}

/** One entry of a skill's history. */
export interface SkillVersion {
  readonly version: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly digest: string;
  readonly label?: string;
  /** The version whose contents this one brought back. */
  readonly rolledBackTo?: number;
}

/** Which skills are carried. */
export interface ChooseSkillsOptions {
  /** Default: all of the store. */
  readonly names?: readonly string[];
}

/** What became of skills that were carried from one place to another. */
export interface SkillTransfer {
  /** Names of what was written or saved. */
  readonly done: readonly string[];
  /** Names of what was the same already. */
  readonly unchanged: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Skills to carry elsewhere: JSON, bytes in base 64. */
export interface SkillBundle {
  readonly format: "codemode-skills";
  readonly formatVersion: 1;
  readonly skills: readonly BundledSkill[];
}

/** One skill of a bundle. */
export interface BundledSkill {
  readonly name: string;
  readonly status: SkillStatus;
  readonly digest: string;
  readonly files: Readonly<Record<string, BundledFile>>;
}

/** A file of a bundled skill: text as it is, anything else in base64. */
export type BundledFile = { readonly text: string } | { readonly base64: string };
