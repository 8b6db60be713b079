import { FAULTS } from "./requirements/faults.ts";
import { KEYS } from "./requirements/keys.ts";
import { LIFETIMES } from "./requirements/lifetimes.ts";
import { LISTS } from "./requirements/lists.ts";
import type { Requirement } from "./requirements/requirement.ts";
import { REVISIONS } from "./requirements/revisions.ts";
import { STREAMS } from "./requirements/streams.ts";
import { VALUES } from "./requirements/values.ts";
import { WATCHES } from "./requirements/watches.ts";

/** All requirements, by id. Tests cite them; a test sees that each is cited. */
export const STORAGE_REQUIREMENTS = {
  ...KEYS,
  ...VALUES,
  ...REVISIONS,
  ...LISTS,
  ...STREAMS,
  ...LIFETIMES,
  ...WATCHES,
  ...FAULTS,
} as const satisfies Readonly<Record<string, Requirement>>;

/** The id of a requirement. */
export type StorageRequirementId = keyof typeof STORAGE_REQUIREMENTS;
