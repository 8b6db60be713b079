import { basename, dirname, resolve } from "node:path";

import { CodemodeError } from "@codemode/core";
import type { SkillDraft } from "@codemode/skills";
import { documentFiles, readSkillFolder, SKILL_DOCUMENT } from "@codemode/skills";

import { openSkills, printDiagnostics } from "../../open-skills.ts";
import type { GlobalOptions } from "../../options.ts";
import { EXIT, print, printJson } from "../../output.ts";
import { readSource } from "../../read-input.ts";
import { statIfThere } from "../../stat-if-there.ts";

/** Saves a skill. */
export async function run(args: readonly unknown[], options: GlobalOptions): Promise<number> {
  const { name, file } = await toSave(args);
  const { description, tag, status } = options;
  const draft: SkillDraft = {
    name,
    ...(await readContents(name, file)),
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

/** `name file`, or a file alone, whose name the skill then has. */
async function toSave([first, second]: readonly unknown[]): Promise<{
  name: string;
  file: string;
}> {
  const given = String(first);
  if (typeof second === "string") return { name: given, file: second };
  const stats = given === "-" ? undefined : await statIfThere(given);
  if (!stats) {
    const why =
      given === "-"
        ? "A skill on standard input needs a name"
        : `There is no file ${JSON.stringify(given)}`;
    const message = `${why}. Write: codemode skills save NAME FILE, or only FILE to name the skill after it.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  const path = resolve(given);
  const isDirectory = stats.isDirectory();
  if (!isDirectory && /^skill\.md$/i.test(basename(path)))
    return { name: basename(dirname(path)), file: dirname(path) };
  const stem = isDirectory ? basename(path) : basename(path).replace(/(?:\.skill)?\.[^.]+$/i, "");
  // A file of such a name is what its folder is about.
  const isCommon = !isDirectory && /^(?:index|main|run|skill)$/i.test(stem);
  return { name: isCommon ? basename(dirname(path)) : stem, file: given };
}

async function readContents(
  name: string,
  file: string,
): Promise<Pick<SkillDraft, "files" | "source">> {
  const stats = file === "-" ? undefined : await statIfThere(file);
  if (stats?.isDirectory()) return { files: await readSkillFolder(name, file) };
  const text = await readSource(file, "file");
  if (!SKILL_DOCUMENT.test(file)) return { source: text };
  return { files: documentFiles({ skill: name, path: basename(file), text }) };
}
