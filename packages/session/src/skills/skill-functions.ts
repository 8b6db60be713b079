import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { HostFunction } from "@codemode/sandbox";
import type { SkillDraft, SkillFields, SkillStatus, SkillStore } from "@codemode/skills";

import { isObject, isStrings, positional, toJson, toObject } from "../host-arguments.ts";
import {
  describeSkill,
  readSkillResource,
  skillInstructions,
  summarizeSkill,
} from "./skill-views.ts";

type HostFunctions = { readonly [name: string]: HostFunction };

/** `skills.*` and `generated/skills` as programs call them. */
export function createSkillFunctions(store: SkillStore): HostFunctions {
  return { ...readingFunctions(store), ...changingFunctions(store), ...toolFunctions(store) };
}

function readingFunctions(store: SkillStore): HostFunctions {
  return {
    "skills.list": async (args) => list(store, positional(args)[0]),
    "skills.search": async (args) => search(store, positional(args)[0], positional(args)[1]),
    "skills.get": async (args) => {
      const [name, options] = positional(args);
      const { version } = toObject(options);
      const asked = typeof version === "number" ? { version } : {};
      return describeSkill(await store.get(textOf(nameIn(name), 'skills.get("name")'), asked));
    },
    "skills.versions": async (args) =>
      toJson(await store.versions(textOf(positional(args)[0], 'skills.versions("name")'))),
  };
}

function changingFunctions(store: SkillStore): HostFunctions {
  return {
    "skills.create": async (args) => summarizeSkill(await store.create(toDraft(args, "create"))),
    "skills.save": async (args) => summarizeSkill(await store.save(toDraft(args, "save"))),
    "skills.update": async (args) => {
      const { name, ...changes } = toDraft(args, "update");
      return summarizeSkill(await store.update(name, changes));
    },
    "skills.delete": async (args) => {
      const [name] = positional(args);
      return store.delete(textOf(nameIn(name), 'skills.delete("name")'));
    },
    "skills.rollback": async (args) => {
      const [name, version] = positional(args);
      if (typeof version !== "number") throw usage('skills.rollback("name", 2)');
      return summarizeSkill(
        await store.rollback(textOf(name, 'skills.rollback("name", 2)'), version),
      );
    },
  };
}

function toolFunctions(store: SkillStore): HostFunctions {
  return {
    "skills.tools.list": async (args) => list(store, positional(args)[0]),
    "skills.tools.search": async (args) => {
      const [options] = positional(args);
      return search(store, toObject(options)["query"], options);
    },
    "skills.tools.load": async (args) => {
      const name = textOf(nameIn(positional(args)[0]), 'load_skill({ skill_name: "name" })');
      return skillInstructions(await store.get(name));
    },
    "skills.tools.read": async (args) => {
      const [options] = positional(args);
      const { resource_name, path } = toObject(options);
      const call = 'read_skill_resource({ skill_name: "name", resource_name: "references/x.md" })';
      const name = textOf(nameIn(options), call);
      return readSkillResource(await store.get(name), textOf(resource_name ?? path, call));
    },
  };
}

async function list(store: SkillStore, options: JsonValue | undefined): Promise<JsonValue> {
  const { tags, status, limit } = toObject(options);
  const { skills } = await store.list({
    ...(isStrings(tags) ? { tags } : {}),
    ...(isStatus(status) ? { status } : {}),
    ...(typeof limit === "number" ? { limit } : {}),
  });
  return skills.map((skill) => summarizeSkill(skill));
}

async function search(
  store: SkillStore,
  query: JsonValue | undefined,
  options: JsonValue | undefined,
): Promise<JsonValue> {
  const text = textOf(query, 'skills.search("what you need")');
  const { tags, limit = options } = toObject(options);
  const { hits } = await store.search(text, {
    ...(isStrings(tags) ? { tags } : {}),
    ...(typeof limit === "number" ? { limit } : {}),
  });
  return hits.map((hit) => Object.assign({}, summarizeSkill(hit), { score: hit.score }));
}

/** `"name"`, or the name in `{ skill_name }` or `{ name }`. */
function nameIn(value: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(value)) return value;
  return value["skill_name"] ?? value["name"];
}

/** `(name, source, description)` as the documents write it, or one object. */
function toDraft(args: JsonValue, method: string): SkillDraft {
  const call = `skills.${method}({ name, source, description })`;
  const [first, second, third] = positional(args);
  const given: JsonObject = isObject(first)
    ? first
    : isObject(second)
      ? { ...second, name: first ?? null }
      : { name: first ?? null, source: second ?? null, description: third ?? null };
  const { name, source, code, files, ...fields } = given;
  const text = source ?? code;
  return {
    name: textOf(name, call),
    ...toFields(fields),
    ...(typeof text === "string" ? { source: text } : {}),
    ...(isTexts(files) ? { files } : {}),
  };
}

function toFields(given: JsonObject): SkillFields {
  const { description, body, tags, status, parameters } = given;
  const allowed = given["allowed_tools"] ?? given["allowedTools"];
  const denied = given["denied_tools"] ?? given["deniedTools"];
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof body === "string" ? { body } : {}),
    ...(isStrings(tags) ? { tags } : {}),
    ...(isStatus(status) ? { status } : {}),
    ...(isObject(parameters) ? { parameters } : {}),
    ...(isStrings(allowed) ? { allowedTools: allowed } : {}),
    ...(isStrings(denied) ? { deniedTools: denied } : {}),
  };
}

function isTexts(value: JsonValue | undefined): value is { readonly [path: string]: string } {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function isStatus(value: JsonValue | undefined): value is SkillStatus {
  return value === "draft" || value === "active" || value === "archived";
}

function textOf(value: JsonValue | undefined, call: string): string {
  if (typeof value === "string") return value;
  throw usage(call);
}

function usage(call: string): CodemodeError {
  return new CodemodeError("INVALID_ARGUMENTS", `Wrong arguments. Call it as: ${call}.`);
}
