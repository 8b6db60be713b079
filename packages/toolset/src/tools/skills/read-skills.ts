import {
  describeSkill,
  readSkillResource,
  skillInstructions,
  summarizeSkill,
} from "@codemode/session";
import type { SkillStore } from "@codemode/skills";
import { z } from "zod";

import type { ToolsetTool } from "../../toolset-tool.ts";
import { compact, defineTool, success } from "../../toolset-tool.ts";
import { given, NAME_ALIASES, READ_ONLY, SKILL_NAME_ALIASES, statusSchema } from "./skill-input.ts";

/** The tools that find and read skills. */
export function readingSkillTools(skills: SkillStore): readonly ToolsetTool[] {
  return [
    discoverSkillsTool(skills),
    getSkillTool(skills),
    listSkillVersionsTool(skills),
    listSkillsTool(skills),
    loadSkillTool(skills),
    readSkillResourceTool(skills),
    searchSkillsTool(skills),
  ];
}

function listSkillsTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "list_skills",
    description: "List saved skills, optionally with all of some tags.",
    input: z.strictObject({
      tags: z.array(z.string()).optional(),
      status: statusSchema.optional(),
      limit: z.int().min(1).max(1_000).optional(),
    }),
    annotations: { title: "List skills", ...READ_ONLY },
    async run(options) {
      const { skills: found, total, next } = await skills.list(given(options));
      const list = found.map((skill) => summarizeSkill(skill));
      return success(
        compact({ skills: list, total, truncated: next === undefined ? undefined : true }),
      );
    },
  });
}

function searchSkillsTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "search_skills",
    description: "Find saved skills by what they do. Look before you write a program.",
    input: z.strictObject({ query: z.string(), limit: z.int().min(1).max(50).optional() }),
    annotations: { title: "Search skills", ...READ_ONLY },
    async run({ query, ...options }) {
      const { hits } = await skills.search(query, given(options));
      return success({ skills: hits.map((hit) => summarizeSkill(hit)), total: hits.length });
    },
  });
}

function getSkillTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "get_skill",
    description: "A skill's source, parameters and properties.",
    input: z.strictObject({ name: z.string(), version: z.int().min(1).optional() }),
    aliases: NAME_ALIASES,
    annotations: { title: "Get skill", ...READ_ONLY },
    async run({ name, ...options }) {
      return success({ skill: describeSkill(await skills.get(name, given(options))) });
    },
  });
}

function loadSkillTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "load_skill",
    description:
      "A skill's instructions, and what of it can be run and read. Read them before you use it.",
    input: z.strictObject({ skill_name: z.string() }),
    aliases: SKILL_NAME_ALIASES,
    annotations: { title: "Load skill", ...READ_ONLY },
    async run({ skill_name }) {
      const skill = await skills.get(skill_name);
      return success({ name: skill.name, instructions: skillInstructions(skill) });
    },
  });
}

function readSkillResourceTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "read_skill_resource",
    description: "Read a file of a skill, such as references/guide.md.",
    input: z.strictObject({ skill_name: z.string(), resource_name: z.string() }),
    aliases: SKILL_NAME_ALIASES,
    annotations: { title: "Read skill resource", ...READ_ONLY },
    async run({ skill_name, resource_name }) {
      const content = readSkillResource(await skills.get(skill_name), resource_name);
      return success({ content });
    },
  });
}

function listSkillVersionsTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "list_skill_versions",
    description: "A skill's versions, oldest first.",
    input: z.strictObject({ name: z.string() }),
    aliases: NAME_ALIASES,
    annotations: { title: "List skill versions", ...READ_ONLY },
    async run({ name }) {
      const versions = await skills.versions(name);
      return success({ versions: versions.map((version) => compact({ ...version })) });
    },
  });
}

function discoverSkillsTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "discover_skills",
    description:
      "Look through all places of skills again: names by origin, and what cannot be read.",
    input: z.strictObject({}),
    annotations: { title: "Discover skills", ...READ_ONLY },
    async run() {
      const status = ["draft", "active", "archived"] as const;
      const { skills: found, total, diagnostics } = await skills.list({ status, limit: 1_000 });
      const names: Record<string, string[]> = {};
      for (const { name, origin } of found) (names[origin] ??= []).push(name);
      const problems = diagnostics.map(({ message }) => message);
      return success(compact({ skills: names, total, problems }));
    },
  });
}
