import type { JsonObject, JsonValue } from "@codemode/core";
import type { HostFunction, SkillModules } from "@codemode/sandbox";
import { moduleTraceback } from "@codemode/sandbox";
import type { Skill, SkillStore } from "@codemode/skills";
import { skillIdentifier } from "@codemode/skills";

import { positional } from "../host-arguments.ts";
import type { LoadedModule } from "./load-module.ts";
import { loadModule, skillId } from "./load-module.ts";
import { createSkillFunctions } from "./skill-functions.ts";
import type { SkillRules } from "./skill-rules.ts";
import { createSkillRules } from "./skill-rules.ts";

/** A skill that runs in a guest of its own. */
export interface ForkedSkill {
  readonly id: string;
  readonly skill: Skill;
}

/** What programs of one session have of its skills. */
export interface SkillRuntime {
  readonly hostFunctions: { readonly [name: string]: HostFunction };
  readonly modules: SkillModules;
  readonly rules: SkillRules;
  /** The version that was handed out under an id; the current one where that is too long ago. */
  version(id: string): Promise<ForkedSkill>;
  /** Hands out a module to a guest in which `root` runs, as it was when that began. */
  load(reference: string, root?: Skill): Promise<JsonObject>;
}

// Sources are kept for the places that errors name, whole skills for guests of their own.
const MAX_SOURCES = 500;
const MAX_VERSIONS = 50;

/** Hands out skills to guests, and remembers what each may call. Nothing is read before it is asked for. */
export function createSkillRuntime(store: SkillStore, testsSkills = false): SkillRuntime {
  const rules = createSkillRules();
  const sources = createRecent<string>(MAX_SOURCES);
  const versions = createRecent<Skill>(MAX_VERSIONS);
  const handOut = ({ id, url, source, skill, answer }: LoadedModule): void => {
    rules.add(id, skill);
    sources.set(url, source);
    if (answer["fork"] === true) versions.set(id, skill);
  };
  const load = async (reference: string, root?: Skill): Promise<JsonObject> => {
    const get: SkillStore["get"] = async (name) =>
      root && isNamed(root, name) ? root : store.get(name);
    const loaded = await loadModule({ get }, reference);
    handOut(loaded);
    const isHere = loaded.skill === root || (testsSkills && isTest(loaded));
    return isHere ? { ...loaded.answer, fork: false } : loaded.answer;
  };
  const source = (url: string): string | undefined => sources.get(url);
  return {
    rules,
    load,
    async version(id) {
      const skill = versions.get(id) ?? (await store.get(id.replace(/@.*$/s, "")));
      const known = skillId(skill);
      rules.add(known, skill);
      return { id: known, skill };
    },
    modules: {
      async exports(reference) {
        const { program } = await loadModule(store, reference);
        return program.exports;
      },
      source,
    },
    hostFunctions: {
      ...createSkillFunctions(store),
      "skills.load": (args) => load(firstText(args)),
      "skills.traceback": async (args) => moduleTraceback(firstText(args).slice(0, 20_000), source),
    },
  };
}

/** They have `test` and `expect` from the program that runs them. */
function isTest({ answer: { path } }: LoadedModule): boolean {
  return typeof path === "string" && path.startsWith("tests/");
}

interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Keeps what was set last. */
function createRecent<Value>(max: number): Recent<Value> {
  const values = new Map<string, Value>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > max && oldest !== undefined) values.delete(oldest);
    },
  };
}

/** Names find their skill however they are spelled. */
function isNamed({ identifier }: Skill, asked: string): boolean {
  return identifier.toLowerCase() === skillIdentifier(asked).toLowerCase();
}

/** The guest sends texts; what is none finds nothing. */
function firstText(args: JsonValue): string {
  const [first] = positional(args);
  return typeof first === "string" ? first : "";
}
