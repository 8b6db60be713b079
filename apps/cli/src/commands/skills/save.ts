import type { SkillDraft } from "@codemode/skills";
import { readSkillFolder } from "@codemode/skills";

import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";
import { readSource } from "../../read-input.ts";
import { statIfThere } from "../../stat-if-there.ts";

/** Saves a skill. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const [name, file] = args.map(String);
  const { description, tag, status } = options;
  const draft: SkillDraft = {
    name: name ?? "",
    ...(await readContents(name ?? "", file ?? "-")),
    ...(description === undefined ? {} : { description }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(status === undefined ? {} : { status }),
  };
  await using opened = await openSkills(options);
  const skill = await opened.skills.save(draft);
  if (options.json) printJson({ ok: true, name: skill.name, version: skill.version });
  else print(`${skill.name} is at version ${skill.version}`);
  printDiagnostics(skill.diagnostics);
  return EXIT.ok;
}

async function readContents(
  name: string,
  file: string,
): Promise<Pick<SkillDraft, "files" | "source">> {
  const stats = file === "-" ? undefined : await statIfThere(file);
  if (stats?.isDirectory()) return { files: await readSkillFolder(name, file) };
  return { source: await readSource(file, "file") };
}
