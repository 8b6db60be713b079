import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { isCodemodeError } from "@codemode/core";
import type { Diagnostic } from "@codemode/core";

import { findSkills, readFoundSkill, stampOf } from "./folder-files.ts";
import type { FoundSkill } from "./folder-files.ts";
import { readSkill } from "./read-skill.ts";
import { quoteName } from "./skill-error.ts";
import type { SkillSource, SkillSourceListing, SourceSkill } from "./skill-source.ts";

// As the clients of agentskills.io look.
const MAX_DEPTH = 4;
const MAX_FOLDERS = 2_000;
const SKIPPED = new Set([".git", "node_modules"]);
/** A folder is looked at again after this. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Skills in a folder such as `.agents/skills` or `.claude/skills`, read only and read leniently:
 * what is broken is told and left out.
 */
export function createFolderSource(folder: string): SkillSource {
  let found = new Map<string, FoundSkill>();
  let last: { readonly stamp: string; readonly listing: SkillSourceListing } | undefined;
  let nextLook = 0;
  return {
    origin: "folder",
    async list() {
      if (last && performance.now() < nextLook) return last.listing;
      const all = await findNested(folder);
      const stamps = await Promise.all(all.map((one) => stampOf(one).catch(() => "broken")));
      const stamp = JSON.stringify(stamps);
      nextLook = performance.now() + LOOK_AGAIN_MS;
      // The same object as before where nothing has changed: nothing is indexed again.
      if (last?.stamp === stamp) return last.listing;
      const read = await Promise.all(all.map(describe));
      const listing = {
        skills: read.flatMap((one) => ("skill" in one ? [one.skill] : [])),
        diagnostics: read.flatMap((one) => ("diagnostic" in one ? [one.diagnostic] : [])),
      };
      found = new Map(all.toReversed().map((one) => [one.name, one]));
      last = { stamp, listing };
      return listing;
    },
    async read(name) {
      const skill = found.get(name);
      return skill && readFoundSkill(skill);
    },
  };
}

/** Folders with `SKILL.md`, and modules that stand in the folder itself. */
async function findNested(folder: string): Promise<readonly FoundSkill[]> {
  const found: FoundSkill[] = [];
  let left = MAX_FOLDERS;
  let level: readonly string[] = [folder];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const path of level) {
      // oxlint-disable-next-line no-await-in-loop -- how many folders were seen so far decides
      const here = (await findSkills(path)).filter(({ form }) => depth === 0 || form !== "file");
      found.push(...here);
      const skills = new Set(here.map((one) => one.path));
      // oxlint-disable-next-line no-await-in-loop -- as above
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const inside = join(path, entry.name);
        const isSkipped = SKIPPED.has(entry.name) || skills.has(inside);
        if (!entry.isDirectory() || isSkipped || left === 0) continue;
        left -= 1;
        next.push(inside);
      }
    }
    level = next;
  }
  return found;
}

async function describe(
  found: FoundSkill,
): Promise<{ readonly skill: SourceSkill } | { readonly diagnostic: Diagnostic }> {
  try {
    const { name, description, tags, signature } = await readSkill({
      name: found.name,
      files: await readFoundSkill(found),
    });
    return {
      skill: { name, description, tags, ...(signature === undefined ? {} : { signature }) },
    };
  } catch (error) {
    const message = isCodemodeError(error)
      ? error.message
      : `Skill ${quoteName(basename(found.path))} could not be read. Check its permissions.`;
    return { diagnostic: { code: "SKILL_LEFT_OUT", message } };
  }
}
