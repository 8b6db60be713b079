import { CodemodeError } from "@codemode/core";

/** Where in a skill something is wrong. */
export interface SkillPlace {
  readonly skill: string;
  /** Inside the skill. */
  readonly path?: string;
  /** 1-based. */
  readonly line?: number;
}

/** What is wrong with a skill, where, and what to do: one sentence each. */
export function skillInvalid(
  place: SkillPlace,
  problem: string,
  options?: ErrorOptions,
): CodemodeError {
  const { skill, path, line } = place;
  const where = [
    ...(path === undefined ? [] : [printable(path)]),
    ...(line === undefined ? [] : [`line ${line}`]),
  ].join(", ");
  return new CodemodeError(
    "SKILL_INVALID",
    `Skill ${quoteName(skill)}${where === "" ? "" : `, ${where}`}: ${problem}`,
    {
      ...options,
      details: {
        skill: printable(skill),
        ...(path === undefined ? {} : { path: printable(path) }),
        ...(line === undefined ? {} : { line }),
      },
    },
  );
}

/** A name from anywhere, fit for a message. */
export function quoteName(name: string): string {
  return JSON.stringify(printable(name));
}

function printable(text: string): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "?");
  return shown.length > 100 ? `${shown.slice(0, 97)}...` : shown;
}
