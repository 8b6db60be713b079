// The public list of this package. Every name added here is a promise.
export { createAdapterSource } from "./adapter-source.ts";
export { createSkillStore } from "./create-skill-store.ts";
export type { SkillStoreOptions } from "./store-options.ts";
export { skillToFolder } from "./skill-to-folder.ts";
export type { PortableSkill } from "./skill-to-folder.ts";
export { readSkillFolder } from "./folder-files.ts";
export { createFolderSource } from "./folder-source.ts";
export { createSimpleSkillsManager } from "./simple-skills.ts";
export type { SimpleSkill, SimpleSkillsManager } from "./simple-skills.ts";
export { readSkill } from "./read-skill.ts";
export type { ReadSkill, SkillToRead } from "./read-skill.ts";
export { documentFiles, SKILL_DOCUMENT } from "./skill-document.ts";
export { GUEST_SKILL_METHODS, checkSkillName, skillIdentifier } from "./skill-name.ts";
export type {
  Skill,
  SkillCall,
  SkillFiles,
  SkillHook,
  SkillHooks,
  SkillOrigin,
  SkillScript,
  SkillStatus,
  SkillSummary,
} from "./skill.ts";
export type {
  EmbeddingProvider,
  LoadEmbeddingProvider,
  SkillSource,
  SkillSourceListing,
  SourceSkill,
} from "./skill-source.ts";
export type {
  BundledFile,
  BundledSkill,
  ChooseSkillsOptions,
  GetSkillOptions,
  ListSkillsOptions,
  SearchSkillsOptions,
  SkillBundle,
  SkillChanges,
  SkillDraft,
  SkillFields,
  SkillHit,
  SkillListing,
  SkillSearchResult,
  SkillStore,
  SkillTransfer,
  SkillVersion,
} from "./skill-store.ts";
