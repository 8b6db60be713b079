import { basename } from "node:path";

import type { Diagnostic } from "@codemode/core";

import { findSkill, isMissing } from "./folder-files.ts";
import type { FoundSkill } from "./folder-files.ts";
import { createFolderLook, digestOf, tellProblem } from "./folder-look.ts";
import { hasDigest } from "./skill-record.ts";
import type { SkillRecord } from "./skill-record.ts";
import type { WriteContext, Written } from "./skill-writes.ts";
import { removePath, writeSkillFiles } from "./write-folder.ts";

/** Skills as plain files that people edit. */
export interface WorkingFolder {
  /** Makes versions of what was edited by hand, of one skill or of all. */
  look(name: string | undefined): Promise<readonly Written[]>;
  /** Shows what was written, unless somebody has edited the file meanwhile. */
  put(written: Pick<Written, "skill" | "record">): Promise<void>;
  /** Takes a deleted skill away, unless somebody has edited it. */
  remove(record: SkillRecord): Promise<void>;
  /** Of files that are broken. */
  diagnostics(): readonly Diagnostic[];
}

/** Keeps a folder and the store in step. Nobody else's files are touched. */
export function createWorkingFolder(folder: string, write: WriteContext): WorkingFolder {
  const broken = new Map<string, Diagnostic>();
  const look = createFolderLook({ folder, write, broken });
  const put: WorkingFolder["put"] = async ({ skill, record }) => {
    broken.delete(skill.name);
    try {
      const old = await knownForms(folder, record);
      if (old === "edited") return;
      await writeSkillFiles(folder, skill);
      const now = skill.form === "folder" ? skill.name : [...skill.files.keys()][0];
      const others = old.filter(({ path }) => basename(path) !== now);
      await Promise.all(others.map(({ path }) => removePath(path)));
    } catch (error) {
      // What was saved is saved; the folder only shows it.
      broken.set(skill.name, tellProblem(skill.name, error));
    }
  };
  const remove: WorkingFolder["remove"] = async (record) => {
    try {
      const old = await knownForms(folder, record);
      if (old !== "edited") await Promise.all(old.map(({ path }) => removePath(path)));
    } catch (error) {
      if (!isMissing(error)) broken.set(record.name, tellProblem(record.name, error));
    }
  };
  const diagnostics = (): readonly Diagnostic[] =>
    [...broken.values()].toSorted((a, b) => (a.message < b.message ? -1 : 1));
  return { look, put, remove, diagnostics };
}

/** What stands in the folder of a skill, where all of it is of some version. */
async function knownForms(
  folder: string,
  record: SkillRecord,
): Promise<readonly FoundSkill[] | "edited"> {
  const found = await findSkill(folder, record.name);
  const known = await Promise.all(
    found.map(async (one) => hasDigest(record, await digestOf(one).catch(() => ""))),
  );
  return known.every(Boolean) ? found : "edited";
}
