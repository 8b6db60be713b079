import { isCodemodeError } from "@codemode/core";
import type { SkillFiles, SkillStore } from "@codemode/skills";
import { skillToFolder } from "@codemode/skills";
import { skillEntry } from "@modelcontextprotocol/server/ext/skills";
import type { Skill as SkillEntry } from "@modelcontextprotocol/server/ext/skills";

/** A skill as MCP clients get it. */
export interface ServedSkill {
  /** With the digest and size of each file. */
  readonly entry: SkillEntry;
  readonly files: SkillFiles;
}

/** Skills of a store, in the form that MCP clients read. */
export interface ServedSkills {
  /** A page; what is not fit to be served is left out. */
  list(cursor: string | undefined): Promise<{
    readonly skills: readonly ServedSkill[];
    readonly nextCursor?: string;
  }>;
  /** By the name in its URI. */
  find(name: string): Promise<ServedSkill | undefined>;
}

const PAGE = 50;
const MAX_KEPT = 500;

/**
 * Own skills that are active. What came from an upstream server is not handed on: clients would
 * take it for ours.
 */
export function createServedSkills(skills: SkillStore): ServedSkills {
  // By digest: contents never change under one.
  const kept = new Map<string, ServedSkill | undefined>();
  const serve = async (name: string): Promise<ServedSkill | undefined> => {
    const skill = await skills.get(name);
    if (skill.origin.startsWith("mcp:") || skill.status !== "active") return undefined;
    const key = `${skill.name} ${skill.digest}`;
    if (kept.has(key)) return kept.get(key);
    const portable = skillToFolder(skill);
    const files = Object.fromEntries(portable.files);
    // What its rules refuse, such as a name that differs from the folder's, is left out.
    const entry = await skillEntry(portable.name, files).catch(() => undefined);
    const served = entry && { entry, files: portable.files };
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, served);
    return served;
  };
  const find = async (name: string): Promise<ServedSkill | undefined> => {
    try {
      const served = await serve(name);
      // `a_b` is served as `a-b`, and as nothing else.
      return served?.entry.frontmatter.name === name ? served : undefined;
    } catch (error) {
      if (isCodemodeError(error, "SKILL_NOT_FOUND") || isCodemodeError(error, "SKILL_INVALID"))
        return undefined;
      throw error;
    }
  };
  return {
    async list(cursor) {
      const page = await skills.list({
        status: "active",
        limit: PAGE,
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      const names = page.skills.map(({ name }) => name.toLowerCase().replaceAll("_", "-"));
      const served = await Promise.all(names.map(find));
      return {
        skills: served.filter((one) => one !== undefined),
        ...(page.next === undefined ? {} : { nextCursor: page.next }),
      };
    },
    find,
  };
}
