import type { JsonObject } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { PreparedProgram } from "@codemode/sandbox";
import { prepareModule } from "@codemode/sandbox";
import type { Skill, SkillHook, SkillScript, SkillStore } from "@codemode/skills";

import { toJson } from "../host-arguments.ts";
import type { FoundScript } from "./find-script.ts";
import { findEntry, findModule, findScript } from "./find-script.ts";

/** A module of a skill, prepared, as a guest runs it. */
export interface LoadedModule {
  readonly skill: Skill;
  readonly program: PreparedProgram;
  readonly source: string;
  /** Name and version: what its calls are marked with. */
  readonly id: string;
  /** Names its source in stacks. */
  readonly url: string;
  /** What the guest gets. */
  readonly answer: JsonObject;
}

/**
 * Finds and prepares `name` (the entry), `name/path` (a module of the skill) or `name/run:script`
 * (a script as a model names it). Rejects with a `CodemodeError` of the skill.
 */
export async function loadModule(
  store: Pick<SkillStore, "get">,
  reference: string,
): Promise<LoadedModule> {
  const slash = reference.indexOf("/");
  const name = slash < 0 ? reference : reference.slice(0, slash);
  const skill = await store.get(name);
  const found = find(skill, slash < 0 ? "" : reference.slice(slash + 1));
  const prepared = await prepareModule(found.source);
  if (!prepared.ok) {
    const { message, position } = prepared.failure;
    const line = position ? `, line ${position.line}` : "";
    const text = `Skill "${skill.name}" cannot run: ${message} (${found.path}${line})`;
    throw new CodemodeError("SKILL_INVALID", text, { tool: `skills.${skill.name}` });
  }
  const version = versionOf(skill);
  const id = skillId(skill);
  const specifier = specifierOf(skill, found);
  const url = `${specifier}@${version}`;
  const { program } = prepared;
  const base = { id, skill: skill.name, specifier, url, path: found.path, script: program.script };
  const answer = {
    ...base,
    ...callOf(found.script),
    ...hooksOf(skill, found),
    fork: isForked(skill),
  };
  return { skill, program, source: found.source, id, url, answer };
}

/** Name and version of a skill. */
export function skillId(skill: Skill): string {
  return `${skill.name}@${versionOf(skill)}`;
}

function versionOf({ digest }: Skill): string {
  return digest.replace(/^.*:/, "").slice(0, 16);
}

/**
 * Whether a skill runs in a guest of its own: where its tools are limited, for the host can tell
 * guests apart, and not one piece of code from another; or where it asks for it.
 */
function isForked({ context, allowedTools, deniedTools }: Skill): boolean {
  if (context !== undefined) return context !== "inline";
  return allowedTools !== undefined || deniedTools.length > 0;
}

function find(skill: Skill, path: string): FoundScript {
  if (path === "") return findEntry(skill);
  return path.startsWith("run:") ? findScript(skill, path.slice(4)) : findModule(skill, path);
}

function specifierOf({ name, entry }: Skill, { path }: FoundScript): string {
  if (path === entry?.path) return `skills/${name}`;
  return `skills/${name}/${path.replace(/\.[cm]?[tj]s$/, "")}`;
}

/** How the guest calls its function. */
function callOf(script: SkillScript | undefined): JsonObject {
  if (!script) return {};
  const { exportName, signature, parameters, call } = script;
  const { properties } = toSchema(parameters);
  return {
    exportName,
    signature,
    parameters: toJson(Object(parameters)),
    ...(call.style === "positional"
      ? { names: call.names, rest: call.rest, single: takesObject(call.names, properties) }
      : {}),
  };
}

/** One parameter that may be an object itself: `skills.f({ a: 1 })` can mean that. */
function takesObject(names: readonly string[], properties: unknown): boolean {
  const [only, ...others] = names;
  if (only === undefined || others.length > 0) return false;
  const { type } = toSchema(Object(properties)[only]);
  return type === undefined || type === "object";
}

function hooksOf({ entry, hooks }: Skill, { path }: FoundScript): JsonObject {
  const pairs = Object.entries(hooks).flatMap(([name, hook]: [string, SkillHook | undefined]) =>
    hook ? [[name, [hook.path, hook.exportName]] as const] : [],
  );
  return path === entry?.path && pairs.length > 0 ? { hooks: Object.fromEntries(pairs) } : {};
}

interface SchemaParts {
  readonly type?: unknown;
  readonly properties?: unknown;
}

function toSchema(value: unknown): SchemaParts {
  return typeof value === "object" && value !== null ? value : {};
}
