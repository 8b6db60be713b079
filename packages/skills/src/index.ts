// The public list of this package. Every name added here is a promise.
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
