import { Document } from "yaml";

import { formatFrontMatter, readFrontMatter } from "./front-matter.ts";
import { skillInvalid } from "./skill-error.ts";
import { skillIdentifier } from "./skill-name.ts";
import type { SkillFiles } from "./skill.ts";

/** Names of files that are whole skills: `name.skill.md` and `name.skill.json`. */
export const SKILL_DOCUMENT = /\.skill\.(?:md|json)$/;

/** A document of a skill, and what it is called in messages. */
export interface SkillDocument {
  readonly skill: string;
  /** The name of the file. */
  readonly path: string;
  readonly text: string;
}

// The first block of code that exports something; others are examples.
const BLOCK =
  /^(`{3,}|~{3,})[ \t]*(?:typescript|ts|javascript|js)\b[^\n]*\n([\s\S]*?)^\1[ \t]*$/gim;

/** The files that a document stands for: `SKILL.md`, and its code as a script. `SKILL_INVALID`. */
export function documentFiles(document: SkillDocument): SkillFiles {
  return document.path.endsWith(".json") ? jsonFiles(document) : markdownFiles(document);
}

function markdownFiles({ skill, path, text }: SkillDocument): SkillFiles {
  const { body } = readFrontMatter(text, { skill, path });
  const code = [...body.matchAll(BLOCK)].map((found) => found[2] ?? "").find(isModule);
  return withScript(skill, text, code);
}

function isModule(code: string): boolean {
  return /^export\b/m.test(code);
}

function withScript(skill: string, instructions: string, code: string | undefined): SkillFiles {
  const files = new Map([["SKILL.md", instructions]]);
  if (code !== undefined) files.set(`scripts/${skillIdentifier(skill)}.ts`, code);
  return files;
}

const TEXTS = ["description", "version", "author", "license", "compatibility", "model", "context"];
const OTHERS = ["status", "tags", "allowed-tools", "denied-tools", "user-invocable", "hooks"];

function jsonFiles(document: SkillDocument): SkillFiles {
  const { skill } = document;
  const given = readJson(document);
  const find = (keys: readonly string[]): unknown => {
    const key = keys.find((one) => given.get(one) !== undefined && given.get(one) !== null);
    return key === undefined ? undefined : given.get(key);
  };
  const text = (...keys: readonly string[]): string | undefined => {
    const value = find(keys);
    return typeof value === "string" ? value : undefined;
  };
  const front = new Document({ name: skill });
  for (const key of [...TEXTS, ...OTHERS, "metadata"]) {
    const value = find([key, key.replace("-", "_")]);
    if (value !== undefined) front.set(key, value);
  }
  const body = text("body", "content", "instructions", "markdown") ?? "";
  return withScript(skill, formatFrontMatter(front, body), text("code", "source", "script"));
}

function readJson({ skill, path, text }: SkillDocument): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return new Map(Object.entries(value));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw skillInvalid({ skill, path }, `it is no JSON: ${reason}`, { cause });
  }
  throw skillInvalid({ skill, path }, "it is no object with description, content and code.");
}
