import { CALLS } from "./requirements/calls.ts";
import { ERRORS } from "./requirements/errors.ts";
import { ESCAPES } from "./requirements/escapes.ts";
import { GLOBALS } from "./requirements/globals.ts";
import { LIMITS } from "./requirements/limits.ts";
import { LOGS } from "./requirements/logs.ts";
import type { Requirement } from "./requirements/requirement.ts";
import { SKILLS } from "./requirements/skills.ts";
import { STATE } from "./requirements/state.ts";
import { VALUES } from "./requirements/values.ts";

/** All requirements, by id. Tests cite them; a test sees that each is cited. */
export const REQUIREMENTS = {
  ...VALUES,
  ...ERRORS,
  ...CALLS,
  ...STATE,
  ...LOGS,
  ...LIMITS,
  ...GLOBALS,
  ...ESCAPES,
  ...SKILLS,
} as const satisfies Readonly<Record<string, Requirement>>;

/** The id of a requirement. */
export type RequirementId = keyof typeof REQUIREMENTS;
