import { Document } from "yaml";

import { formatFrontMatter } from "./front-matter.ts";
import { skillIdentifier } from "./skill-name.ts";
import type { Skill, SkillFiles } from "./skill.ts";

/** A skill as other clients of agentskills.io take it. */
export interface PortableSkill {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** `SKILL.md` among them. */
  readonly files: SkillFiles;
}

/** A skill as a folder: a single module gets a `SKILL.md` that says what its comment says. */
export function skillToFolder(skill: Skill): PortableSkill {
  const name = skill.name.toLowerCase().replaceAll("_", "-");
  if (skill.form === "folder") return { name, files: skill.files };
  const [[path, source] = [`${name}.ts`, ""]] = [...skill.files];
  const module = `scripts/${skillIdentifier(skill.name)}${/\.[a-z]+$/.exec(path)?.[0] ?? ".ts"}`;
  const { description, tags, allowedTools, deniedTools, signature } = skill;
  const document = new Document({ name, description });
  if (allowedTools) document.set("allowed-tools", allowedTools.join(" "));
  if (deniedTools.length > 0) document.set("denied-tools", deniedTools.join(" "));
  if (tags.length > 0) document.set("metadata", document.createNode({ tags: tags.join(" ") }));
  const body = `# ${name}\n\n${description}\n\nThe code is in \`${module}\`: \`${signature ?? name}\`.`;
  return {
    name,
    files: new Map([
      ["SKILL.md", formatFrontMatter(document, body)],
      [module, source],
    ]),
  };
}
