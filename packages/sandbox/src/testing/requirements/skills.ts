import type { Requirement } from "./requirement.ts";

/** Modules that are fetched when they are first used. */
export const SKILLS = {
  "skill.lazy": { behavior: "a skill is fetched when it is first used, once an execution" },
  "skill.absent": { behavior: "without skills there is no global skills" },
  "skill.import": { behavior: "skills/x and its other modules can be imported, by import() too" },
  "skill.unknown": {
    behavior: "an unknown skill or export is an error with its line, before anything runs",
  },
  "skill.call": { behavior: "skills.x(args) and skills.invoke call a skill's function" },
  "skill.arguments": { behavior: "named arguments reach functions that take them one by one" },
  "skill.wrong-arguments": { behavior: "a missing or unknown argument is INVALID_ARGUMENTS" },
  "skill.questions": { behavior: "skills.list, search, get, create and delete ask the host" },
  "skill.changes": { behavior: "a program that saves a skill sees the new one" },
  "skill.composed": { behavior: "skills use skills, their own files, tools and helpers" },
  "skill.cycle": { behavior: "skills that use each other are SKILL_CYCLE, with the chain" },
  "skill.depth": { behavior: "a 17th skill inside each other is SKILL_CYCLE" },
  "skill.marked": { behavior: "calls tell which skills make them, through awaits and Promise.all" },
  "skill.refused": { behavior: "a call that the host refuses a skill is TOOL_DENIED" },
  "skill.hooks": { behavior: "hooks run before and after a call, and when it fails" },
  "skill.run": {
    behavior: "run_skill tells value and output of a script, which runs anew each time",
  },
  "skill.run-failed": { behavior: "run_skill tells how a script failed, and never throws" },
  "skill.error-place": { behavior: "what a skill throws names its line, and the program's" },
  "skill.state": {
    behavior: "a skill's module lives on while it stays the same",
    needs: { persistent: true },
    otherwise: "state.fresh",
  },
  "skill.new-version": { behavior: "a changed skill is seen by the next execution, not before" },
} as const satisfies Readonly<Record<string, Requirement>>;
