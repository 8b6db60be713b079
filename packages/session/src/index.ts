// The public list of this package. Every name added here is a promise.
export type { AuditRecord } from "./audit.ts";
export type { InstalledDep, RuntimeDeps } from "./runtime-deps.ts";
export { createSession } from "./session.ts";
export type {
  DirectCallResult,
  ExecuteOptions,
  SearchToolsOptions,
  SearchToolsResult,
  Session,
  SessionOptions,
  ToolDetails,
  ToolMatch,
} from "./session.ts";
export {
  describeSkill,
  readSkillResource,
  skillInstructions,
  summarizeSkill,
} from "./skills/skill-views.ts";
export { runSkillTests } from "./skill-tests/run-skill-tests.ts";
export type { SkillTestOptions, SkillTestResult } from "./skill-tests/run-skill-tests.ts";
