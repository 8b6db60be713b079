import { CodemodeError, nearestNames } from "@codemode/core";
import type { Skill, SkillScript } from "@codemode/skills";

/** A module of a skill that is to run. */
export interface FoundScript {
  readonly path: string;
  readonly source: string;
  /** Absent of a module that is no script: it is imported, and its statements run. */
  readonly script: SkillScript | undefined;
}

const MODULE = /\.(?:d\.)?[cm]?[tj]s$/;

/** What `skills.<name>()` and `import "skills/<name>"` run. */
export function findEntry(skill: Skill): FoundScript {
  const { entry } = skill;
  if (entry) return { path: entry.path, source: entry.source, script: entry };
  const scripts = skill.scripts.map(({ path }) => path);
  const instead =
    scripts.length > 0
      ? `Run one of its scripts: ${scripts.join(", ")}.`
      : `Read its instructions: load_skill({ skill_name: "${skill.name}" }).`;
  const message = `Skill "${skill.name}" has no entry to run. ${instead}`;
  throw new CodemodeError("SKILL_INVALID", message, { tool: `skills.${skill.name}` });
}

/** The module that an import names: the path with or without its extension. */
export function findModule(skill: Skill, path: string): FoundScript {
  const stem = path.replace(MODULE, "");
  const candidates = [path, ...[".ts", ".mts", ".js", ".mjs"].map((end) => `${stem}${end}`)];
  const indexes = [`${stem}/index.ts`, `${stem}/index.js`];
  for (const candidate of [...candidates, ...indexes]) {
    const source = skill.files.get(candidate);
    if (typeof source === "string" && MODULE.test(candidate))
      return toFound(skill, candidate, source);
  }
  throw absent(skill, path);
}

/** The script that a model names: by path, by file name, with or without extension, in any case. */
export function findScript(skill: Skill, name: string): FoundScript {
  const wanted = normalize(name);
  const paths = [...skill.files.keys()].filter((path) => MODULE.test(path));
  const path =
    paths.find((one) => one === name) ??
    paths.find((one) => normalize(one) === wanted) ??
    paths.find((one) => normalize(one) === `scripts/${wanted}`) ??
    paths.find((one) => normalize(one).split("/").at(-1) === wanted);
  const source = path === undefined ? undefined : skill.files.get(path);
  if (path === undefined || typeof source !== "string") throw absent(skill, name);
  return toFound(skill, path, source);
}

function toFound(skill: Skill, path: string, source: string): FoundScript {
  const known = [...skill.scripts, ...(skill.entry ? [skill.entry] : [])];
  return { path, source, script: known.find((one) => one.path === path) };
}

function normalize(path: string): string {
  return path
    .replace(/^\.\//, "")
    .replace(/\.(?:d\.)?[cm]?[tj]s$|\.py$|\.sh$/, "")
    .replaceAll("-", "_")
    .toLowerCase();
}

function absent(skill: Skill, path: string): CodemodeError {
  const paths = [...skill.files.keys()];
  const shown = JSON.stringify(path.slice(0, 200));
  const foreign = paths.find((one) => one === path || one === `scripts/${path}`);
  const modules = paths.filter((one) => MODULE.test(one));
  const [near] = nearestNames(path, modules, 1);
  const hint = near === undefined ? listed(modules) : ` Did you mean ${JSON.stringify(near)}?`;
  const message =
    foreign === undefined
      ? `Skill "${skill.name}" has no module ${shown}.${hint}`
      : `Skill "${skill.name}" cannot run ${shown}: programs are TypeScript or JavaScript.${hint}`;
  return new CodemodeError("SKILL_NOT_FOUND", message, { tool: `skills.${skill.name}` });
}

function listed(paths: readonly string[]): string {
  return paths.length === 0 ? " It has none." : ` It has: ${paths.slice(0, 10).join(", ")}.`;
}
