import type { JsonSchema } from "@codemode/core";

import { skillInvalid } from "./skill-error.ts";
import type { SkillStore } from "./skill-store.ts";

/** A skill as a name, a text and code. */
export interface SimpleSkill {
  readonly name: string;
  readonly description: string;
  /** TypeScript; what is not exported is exported where it can only be one function. */
  readonly code: string;
  /** Default: none. */
  readonly tags?: readonly string[];
  /** Default: derived from the code. */
  readonly parameters?: JsonSchema;
}

/** The few calls that agents of other frameworks know. */
export interface SimpleSkillsManager {
  /** Saves a new skill, or a new version. */
  save_skill(skill: SimpleSkill): Promise<SimpleSkill>;
  /** `SKILL_NOT_FOUND` where there is none. */
  load_skill(name: string): Promise<SimpleSkill>;
  list_skills(options?: { readonly tags?: readonly string[] }): Promise<readonly SimpleSkill[]>;
  search_skills(
    query: string,
    options?: { readonly limit?: number },
  ): Promise<readonly SimpleSkill[]>;
  /** Whether there was one. */
  delete_skill(name: string): Promise<boolean>;
}

/** Skills with code and nothing else, over a skill store. */
export function createSimpleSkillsManager(skills: SkillStore): SimpleSkillsManager {
  const load = async (name: string): Promise<SimpleSkill> => {
    const skill = await skills.get(name);
    if (!skill.entry) {
      throw skillInvalid({ skill: name }, "it has no code. Read its instructions instead.");
    }
    const { description, tags, entry } = skill;
    return {
      name: skill.name,
      description,
      code: entry.source,
      tags,
      parameters: entry.parameters,
    };
  };
  const loadAll = (names: readonly { readonly name: string; readonly signature?: string }[]) =>
    Promise.all(
      names.flatMap(({ name, signature }) => (signature === undefined ? [] : [load(name)])),
    );
  return {
    async save_skill({ name, description, code, tags, parameters }) {
      const saved = await skills.save({
        name,
        description,
        source: code,
        ...(tags ? { tags } : {}),
        ...(parameters === undefined ? {} : { parameters }),
      });
      return load(saved.name);
    },
    load_skill: load,
    async list_skills(options = {}) {
      return loadAll((await skills.list(options)).skills);
    },
    async search_skills(query, options) {
      return loadAll((await skills.search(query, options)).hits);
    },
    delete_skill: (name) => skills.delete(name),
  };
}
