import type { Diagnostic } from "@codemode/core";

import type { DocComment } from "./doc-comment.ts";
import { readNames } from "./names-list.ts";
import { quoteName } from "./skill-error.ts";
import type { Skill, SkillStatus } from "./skill.ts";

/** What the front matter or the doc comment of a skill says. */
export type StatedFields = Pick<
  Skill,
  | "description"
  | "tags"
  | "deniedTools"
  | "allowedTools"
  | "label"
  | "author"
  | "license"
  | "compatibility"
  | "model"
  | "context"
  | "userInvocable"
  | "metadata"
> & {
  readonly name?: string;
  readonly status?: SkillStatus;
  /** As written: a path in the skill, an export of the entry, or `path#export`. */
  readonly hooks: ReadonlyMap<HookName, string>;
};

export type HookName = "beforeInvoke" | "afterInvoke" | "onError";

/** What was read, and what was odd about it. */
export interface ReadFields {
  readonly fields: StatedFields;
  readonly problems: readonly string[];
}

const MAX_DESCRIPTION = 1024;
const MAX_COMPATIBILITY = 500;
const CONTEXTS = ["fork", "inline", "sandbox"] as const;
const STATUSES = ["draft", "active", "archived"] as const;
const HOOKS: readonly (readonly [string, HookName])[] = [
  ["before-invoke", "beforeInvoke"],
  ["after-invoke", "afterInvoke"],
  ["on-error", "onError"],
];
const KNOWN = new Set([
  ..."name description license compatibility metadata allowed-tools denied-tools".split(" "),
  ..."version model context user-invocable hooks tags author status".split(" "),
]);

/** Reads leniently: what is no text where text is asked for is left out and told. */
export function readFields(raw: ReadonlyMap<string, unknown>): ReadFields {
  const problems: string[] = [];
  const text = (key: string): string | undefined => {
    const value = raw.get(key) ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value === "string" || typeof value === "number") return String(value).trim();
    problems.push(`"${key}" is no text and was left out.`);
    return undefined;
  };
  const names = (key: string): readonly string[] | undefined => {
    const value = raw.get(key) ?? undefined;
    const read = value === undefined ? undefined : readNames(value);
    if (value !== undefined && !read) problems.push(`"${key}" is no list of names: left out.`);
    return read;
  };
  const metadata = readMetadata(raw.get("metadata"), problems);
  const allowedTools = names("allowed-tools");
  const hooks = readHooks(raw.get("hooks"), problems);
  const status = oneOf(text("status") ?? metadata["status"], STATUSES, problems);
  const context = oneOf(text("context"), CONTEXTS, problems);
  const fields: StatedFields = {
    ...optional("name", text("name")),
    description: text("description") ?? "",
    tags: names("tags") ?? readNames(metadata["tags"]) ?? [],
    ...(allowedTools ? { allowedTools } : {}),
    deniedTools: names("denied-tools") ?? [],
    ...optional("label", text("version")),
    ...optional("author", text("author")),
    ...optional("license", text("license")),
    ...optional("compatibility", text("compatibility")),
    ...optional("model", text("model")),
    ...(context ? { context } : {}),
    ...(status ? { status } : {}),
    userInvocable: raw.get("user-invocable") !== false,
    metadata,
    hooks,
  };
  return { fields, problems: [...problems, ...lengthProblems(fields), ...unknownKeys(raw)] };
}

/** Of a single file: `@tags`, `@allowed-tools`, ... as the front matter names them. */
export function readDocFields({ description, tags }: DocComment): ReadFields {
  const raw = new Map<string, unknown>([["description", description]]);
  for (const key of KNOWN) {
    const value = tags.get(key);
    if (value !== undefined && key !== "name" && key !== "metadata") raw.set(key, value);
  }
  const hooks = HOOKS.flatMap(([key]) => {
    const value = tags.get(key);
    return value === undefined ? [] : [[key, value]];
  });
  raw.set("hooks", Object.fromEntries(hooks));
  if (raw.get("user-invocable") === "false") raw.set("user-invocable", false);
  return readFields(raw);
}

/** Problems of a skill as diagnostics. */
export function oddities(
  skill: string,
  problems: readonly string[],
  code: "SKILL_BROKEN" | "SKILL_ODD",
): readonly Diagnostic[] {
  return problems.map((problem) => ({
    code,
    message: `Skill ${quoteName(skill)}: ${problem}`,
  }));
}

function optional<Key extends string>(
  key: Key,
  value: string | undefined,
): Partial<Record<Key, string>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key widens to string
  return value === undefined || value === "" ? {} : ({ [key]: value } as Record<Key, string>);
}

function oneOf<Value extends string>(
  value: string | undefined,
  values: readonly Value[],
  problems: string[],
): Value | undefined {
  const found = values.find((one) => one === value);
  if (value !== undefined && !found) {
    problems.push(`${quoteName(value)} is none of ${values.join(", ")}: left out.`);
  }
  return found;
}

function readMetadata(value: unknown, problems: string[]): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    problems.push('"metadata" is no list of fields and was left out.');
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      typeof one === "string" ? one : (JSON.stringify(one) ?? ""),
    ]),
  );
}

function readHooks(value: unknown, problems: string[]): ReadonlyMap<HookName, string> {
  const found = new Map<HookName, string>();
  if (value === undefined || value === null) return found;
  const given = new Map(Object.entries(typeof value === "object" ? value : {}));
  for (const [key, hook] of HOOKS) {
    const one: unknown = given.get(key) ?? given.get(key.replace("-", "_"));
    if (typeof one === "string" && one.trim() !== "") found.set(hook, one.trim());
    else if (one !== undefined) problems.push(`the hook "${key}" is no text and was left out.`);
  }
  return found;
}

function lengthProblems({ description, compatibility = "" }: StatedFields): readonly string[] {
  return [
    ...(description.length > MAX_DESCRIPTION
      ? [`the description has ${description.length} characters; ${MAX_DESCRIPTION} are the limit.`]
      : []),
    ...(compatibility.length > MAX_COMPATIBILITY
      ? [`"compatibility" has more than ${MAX_COMPATIBILITY} characters.`]
      : []),
  ];
}

function unknownKeys(raw: ReadonlyMap<string, unknown>): readonly string[] {
  const unknown = [...raw.keys()].filter((key) => !KNOWN.has(key)).slice(0, 10);
  return unknown.length === 0 ? [] : [`fields not known: ${unknown.map(quoteName).join(", ")}.`];
}
