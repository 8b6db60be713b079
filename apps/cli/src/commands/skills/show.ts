import type { Skill } from "@codemode/skills";

import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";

/** Prints one skill. */
export async function run([name]: readonly unknown[], options: GlobalOptions): Promise<number> {
  await using opened = await openSkills(options);
  const { at } = options;
  const skill = await opened.skills.get(String(name), at === undefined ? {} : { version: at });
  if (options.json) {
    const { files, ...rest } = skill;
    printJson({ ...rest, files: [...files.keys()] });
    return EXIT.ok;
  }
  print(textOf(skill));
  printDiagnostics(skill.diagnostics);
  return EXIT.ok;
}

function textOf(skill: Skill): string {
  const { name, version, status, origin, description, tags, signature, entry, form } = skill;
  return [
    `${name} v${version}, ${status}, ${origin}`,
    ...(tags.length === 0 ? [] : [`tags: ${tags.join(", ")}`]),
    ...(signature === undefined ? [] : [signature]),
    "",
    description,
    ...(form === "folder" && skill.body.trim() !== "" ? ["", skill.body.trim()] : []),
    ...(entry ? ["", `--- ${entry.path}`, entry.source.trimEnd()] : []),
    ...(form === "folder" ? ["", `files: ${[...skill.files.keys()].join(", ")}`] : []),
  ].join("\n");
}
