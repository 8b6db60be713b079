import { nameToIdentifier } from "@codemode/core";

import { skillInvalid } from "./skill-error.ts";

/** What programs call on `skills` itself: no skill can have these names. */
export const GUEST_SKILL_METHODS = [
  "list",
  "search",
  "get",
  "invoke",
  "create",
  "update",
  "delete",
  "save",
  "load",
  "versions",
  "rollback",
] as const;

const MAX_NAME_LENGTH = 64;
// Words with one hyphen or underscore between: agentskills.io names, and names of functions.
const NAME = /^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/;
/** Devices on Windows, whatever their extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;
/** Names every object has, and what would make of `skills` or a module something else. */
const OBJECT_NAMES = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  "prototype",
  "then",
  "default",
  "index",
]);

/** The name as a program writes it: `batch-process` is `batch_process`. */
export function skillIdentifier(name: string): string {
  return nameToIdentifier(name);
}

/** What two skills must not share: file systems and readers take `A-b` and `a_b` for one. */
export function skillKey(name: string): string {
  return skillIdentifier(name).toLowerCase();
}

/** `SKILL_INVALID` where a skill cannot have this name. */
export function checkSkillName(name: string): void {
  const problem = nameProblem(name);
  if (problem !== undefined) throw skillInvalid({ skill: name }, problem);
}

/** What is wrong with a name, and a name to take instead. */
export function nameProblem(name: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH) {
    return `the name has ${name.length} characters, at most ${MAX_NAME_LENGTH} are possible. Choose a shorter one.`;
  }
  if (!NAME.test(name)) {
    return `a name is letters a to z, digits, and single hyphens or underscores between them, such as "${suggestion(name)}".`;
  }
  const identifier = skillIdentifier(name);
  const methods: readonly string[] = GUEST_SKILL_METHODS;
  if (methods.includes(identifier) || methods.includes(name)) {
    return `the name is taken: skills.${name}() is part of the API of programs. Choose another, such as "${name}-skill".`;
  }
  if (DEVICE.test(name) || OBJECT_NAMES.has(name) || identifier === `${name}_`) {
    return `the name is reserved. Choose another, such as "${name}-skill".`;
  }
  return undefined;
}

function suggestion(name: string): string {
  const words = name
    .slice(0, 1000)
    .normalize("NFKD")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const joined = words.join("-").slice(0, 40).replace(/-$/, "");
  return joined === "" || nameProblem(joined) !== undefined ? "my-skill" : joined;
}
