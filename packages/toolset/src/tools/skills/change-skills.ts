import { summarizeSkill } from "@codemode/session";
import type { Skill, SkillStore } from "@codemode/skills";
import { z } from "zod";

import type { ToolsetResult, ToolsetTool } from "../../toolset-tool.ts";
import { compact, defineTool, success } from "../../toolset-tool.ts";
import { given, jsonObject, NAME_ALIASES, statusSchema } from "./skill-input.ts";

const fields = {
  code: z.string().optional().describe("A TypeScript module that exports a function"),
  description: z.string().optional().describe("What it does, and when to use it"),
  tags: z.array(z.string()).optional(),
  parameters: jsonObject.optional().describe("JSON Schema. Default: from the code"),
  instructions: z.string().optional().describe("Markdown, for a skill that tells how"),
  status: statusSchema.optional(),
  allowed_tools: z.array(z.string()).optional().describe("All it may call: server.tool, server.*"),
  denied_tools: z.array(z.string()).optional(),
};

/** The tools that change skills. */
export function changingSkillTools(skills: SkillStore): readonly ToolsetTool[] {
  return [createSkillVersionTool(skills), deleteSkillTool(skills), saveSkillTool(skills)];
}

function saveSkillTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "save_skill",
    description:
      "Keep a program that worked as a skill: a module exporting a function that later programs call as skills.name(args). Where there is one, a new version.",
    input: z.strictObject({ name: z.string(), ...fields }),
    aliases: NAME_ALIASES,
    annotations: { title: "Save skill", destructiveHint: false, openWorldHint: false },
    async run({ name, ...changes }) {
      return saved(await skills.save({ name, ...toFields(changes) }));
    },
  });
}

function createSkillVersionTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "create_skill_version",
    description: "Change parts of a skill as a new version; or bring an old version back.",
    input: z.strictObject({
      name: z.string(),
      ...fields,
      from_version: z.int().min(1).optional().describe("Bring this one back"),
    }),
    aliases: NAME_ALIASES,
    annotations: { title: "Create skill version", destructiveHint: false, openWorldHint: false },
    async run({ name, from_version, ...changes }) {
      const some = toFields(changes);
      let skill =
        from_version === undefined ? undefined : await skills.rollback(name, from_version);
      if (!skill || Object.keys(some).length > 0) skill = await skills.update(name, some);
      return saved(skill);
    },
  });
}

function deleteSkillTool(skills: SkillStore): ToolsetTool {
  return defineTool({
    name: "delete_skill",
    description: "Delete a skill with all its versions.",
    input: z.strictObject({ name: z.string() }),
    aliases: NAME_ALIASES,
    annotations: { title: "Delete skill", destructiveHint: true, openWorldHint: false },
    async run({ name }) {
      return success({ name, deleted: await skills.delete(name) });
    },
  });
}

type Changes = z.output<z.ZodObject<typeof fields>>;

function toFields({ code, instructions, allowed_tools, denied_tools, ...rest }: Changes) {
  return given({
    ...rest,
    source: code,
    body: instructions,
    allowedTools: allowed_tools,
    deniedTools: denied_tools,
  });
}

/** How it is called from now on, and what is odd about it. */
function saved(skill: Skill): ToolsetResult {
  const { identifier, entry, diagnostics } = skill;
  return success(
    compact({
      ...summarizeSkill(skill),
      use: entry ? `await skills.${identifier}(args)` : undefined,
      problems: diagnostics.map(({ message }) => message),
    }),
  );
}
