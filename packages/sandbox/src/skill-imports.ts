import { isCodemodeError, nearestNames } from "@codemode/core";

import type { ExecutionError } from "./execute-result.ts";
import { hostError } from "./execution-error.ts";
import type { FindModuleSource } from "./module-origin.ts";
import { plainSpecifier } from "./plain-specifier.ts";
import type { PreparedProgram, ProgramImport } from "./prepared-program.ts";
import type { ExecuteRequest, SkillModules } from "./sandbox.ts";

const SKILL = /^skills\/(.+)$/;

/** Whether a program imports skills, which are looked for before it runs. */
export function importsSkills({ imports }: PreparedProgram): boolean {
  return imports.some(({ specifier }) => SKILL.test(plainSpecifier(specifier)));
}

/** The first static import of a skill that leads nowhere. */
export async function checkSkillImports(
  { imports }: PreparedProgram,
  source: string,
  modules: SkillModules,
): Promise<ExecutionError | undefined> {
  const wrong = await Promise.all(imports.map((found) => checkSkillImport(found, source, modules)));
  return wrong.find((error) => error !== undefined);
}

async function checkSkillImport(
  { specifier, position, names }: ProgramImport,
  source: string,
  modules: SkillModules,
): Promise<ExecutionError | undefined> {
  const reference = SKILL.exec(plainSpecifier(specifier))?.[1];
  if (reference === undefined) return undefined;
  let exported: readonly string[] | undefined;
  try {
    exported = await modules.exports(reference);
  } catch (error) {
    if (!isCodemodeError(error)) throw error;
    return { ...hostError(error, source, position), phase: "check" };
  }
  const known = exported;
  const absent = known && names.find(({ name }) => name !== "*" && !known.includes(name));
  if (!known || !absent) return undefined;
  const quoted = [specifier, absent.name].map((text) => JSON.stringify(text.slice(0, 200)));
  const [near] = nearestNames(absent.name, known, 1);
  const instead =
    near === undefined
      ? `It exports: ${known.join(", ") || "nothing"}.`
      : `Did you mean ${JSON.stringify(near)}?`;
  const message = `Module ${quoted[0]} has no export ${quoted[1]}. ${instead}`;
  const error = hostError({ code: "IMPORT_NOT_FOUND", message }, source, absent.position);
  return { ...error, details: { suggestions: known } };
}

/** Where the sources of modules are, for the places that errors name. */
export function moduleSources({ catalog, skillModules }: ExecuteRequest): FindModuleSource {
  return (url) =>
    skillModules?.source(url) ?? catalog.modules.find(({ specifier }) => specifier === url)?.source;
}
