import type { JsonObject, JsonValue } from "@codemode/core";
import { CodemodeError, nearestNames } from "@codemode/core";
import type { Skill, SkillSummary } from "@codemode/skills";

import { toJson } from "../host-arguments.ts";

/** A skill as lists show it. */
export function summarizeSkill(skill: SkillSummary): JsonObject {
  const { name, identifier, description, tags, status, version, origin, signature } = skill;
  return {
    name,
    identifier,
    description,
    tags,
    status,
    version,
    origin,
    ...(signature === undefined ? {} : { signature }),
  };
}

/** A skill as a program reads it: its source and how it is called among the rest. */
export function describeSkill(skill: Skill): JsonObject {
  const { entry, body, scripts, resources, allowedTools, deniedTools, metadata, digest } = skill;
  return {
    ...summarizeSkill(skill),
    source: entry?.source ?? null,
    parameters: entry ? toJson(Object(entry.parameters)) : null,
    instructions: body,
    scripts: scripts.map(({ path, signature }) => ({ path, signature })),
    resources,
    ...(allowedTools ? { allowed_tools: allowedTools } : {}),
    ...(deniedTools.length > 0 ? { denied_tools: deniedTools } : {}),
    metadata,
    digest,
  };
}

/** What a model reads before it uses a skill: the instructions, then what there is to run and read. */
export function skillInstructions(skill: Skill): string {
  const { name, description, body, entry, scripts, resources } = skill;
  const calls = [
    ...(entry ? [`- await skills.${skill.identifier}(args): ${entry.signature}`] : []),
    ...scripts
      .filter(({ path }) => path !== entry?.path)
      .map(
        ({ path, signature }) =>
          `- run_skill({ skill_name: "${name}", script_name: "${path}", args }): ${signature}`,
      ),
  ];
  const files = resources.map((path) => `- ${path}`);
  const parts = [
    `# ${name}`,
    description,
    body.trim() === description.trim() ? "" : body.trim(),
    calls.length === 0 ? "" : `## To run\n${calls.join("\n")}`,
    files.length === 0 ? "" : `## To read with read_skill_resource\n${files.join("\n")}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** A file of a skill: text, or bytes as base64. Any file of it can be read, by a part of its path too. */
export function readSkillResource(skill: Skill, name: string): JsonValue {
  const paths = [...skill.files.keys()];
  const path = paths.find((one) => one === name) ?? paths.find((one) => one.endsWith(`/${name}`));
  const content = path === undefined ? undefined : skill.files.get(path);
  if (content === undefined) {
    const [near] = nearestNames(name, paths, 1);
    const shown = paths.slice(0, 10).join(", ");
    const hint = near === undefined ? `It has: ${shown}.` : `Did you mean ${JSON.stringify(near)}?`;
    const message = `Skill "${skill.name}" has no file ${JSON.stringify(name.slice(0, 200))}. ${hint}`;
    throw new CodemodeError("SKILL_NOT_FOUND", message, { tool: `skills.${skill.name}` });
  }
  if (typeof content === "string") return content;
  return { encoding: "base64", data: Buffer.from(content).toString("base64") };
}
