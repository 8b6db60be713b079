import { setTimeout as delay } from "node:timers/promises";

import { isCodemodeError } from "@codemode/core";
import type { Diagnostic } from "@codemode/core";

import { findSkill, findSkills, isMissing, readFoundSkill, stampOf } from "./folder-files.ts";
import type { FoundSkill } from "./folder-files.ts";
import { quoteName } from "./skill-error.ts";
import { readSkillFiles, skillDigest } from "./skill-files.ts";
import { hasDigest, newestVersion } from "./skill-record.ts";
import { writeDraft } from "./skill-writes.ts";
import type { WriteContext, Written } from "./skill-writes.ts";
import type { SkillFiles } from "./skill.ts";
import { removePath, writeSkillFiles } from "./write-folder.ts";

// An editor that writes a file in parts is done after this.
const SETTLE_MS = 30;
// Looking at a large folder takes a while; there are this many times as long pauses between.
const LOOK_PAUSE = 20;
const LOOKS_AT_ONCE = 32;
// Nobody waits for a look that took longer than this the last time.
const SLOW_LOOK_MS = 50;

/** Where to look, and where to tell what is broken. */
export interface FolderLook {
  readonly folder: string;
  readonly write: WriteContext;
  readonly broken: Map<string, Diagnostic>;
}

/** Looks at one skill of a folder or at all, and makes versions of what was edited by hand. */
export function createFolderLook(
  context: FolderLook,
): (name: string | undefined) => Promise<readonly Written[]> {
  const { folder, broken } = context;
  const stamps = new Map<string, string>();
  let nextLook = 0;
  let lastTook = 0;
  let looking: Promise<readonly Written[]> | undefined;
  const lookAtAll = async (): Promise<readonly Written[]> => {
    const start = performance.now();
    const written: Written[] = [];
    const all = await findSkills(folder);
    const there = new Set(all.map(({ path }) => path));
    for (const path of broken.keys()) if (!there.has(path)) broken.delete(path);
    const left = all.values();
    const work = async (): Promise<void> => {
      for (const found of left) {
        // oxlint-disable-next-line no-await-in-loop -- a bounded number of these run at once
        const one = await lookAt(found, context, stamps);
        if (one) written.push(one);
      }
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, work));
    const end = performance.now();
    lastTook = end - start;
    nextLook = end + LOOK_PAUSE * lastTook;
    return written;
  };
  return async (name) => {
    if (name !== undefined) {
      const found = await findSkill(folder, name);
      const written = await Promise.all(found.map((one) => lookAt(one, context, stamps)));
      return written.filter((one) => one !== undefined);
    }
    if (performance.now() < nextLook) return [];
    looking ??= lookAtAll()
      .catch((error: unknown) => {
        broken.set(folder, tellProblem("*", error));
        return [];
      })
      .finally(() => {
        looking = undefined;
      });
    // The storage tells of what is found then.
    return lastTook > SLOW_LOOK_MS ? [] : looking;
  };
}

async function lookAt(
  found: FoundSkill,
  { folder, write, broken }: FolderLook,
  stamps: Map<string, string>,
): Promise<Written | undefined> {
  try {
    const stamp = await stampOf(found);
    if (stamps.get(found.path) === stamp) return undefined;
    const written = await takeUp(folder, found, write);
    broken.delete(found.path);
    if (written === "unsettled") return undefined;
    // Where it was written back it has another stamp; it is read once more, and is the same.
    stamps.set(found.path, stamp);
    return written;
  } catch (error) {
    if (isMissing(error)) return undefined;
    broken.set(found.path, tellProblem(found.name, error));
    if (isCodemodeError(error, "SKILL_INVALID")) {
      // Gone meanwhile: the next look begins anew.
      stamps.set(found.path, await stampOf(found).catch(() => ""));
    }
    return undefined;
  }
}

/** Of what stands there. */
export async function digestOf(found: FoundSkill): Promise<string> {
  return skillDigest(await readChecked(found));
}

async function readChecked(found: FoundSkill): Promise<SkillFiles> {
  return readSkillFiles(found.name, await readFoundSkill(found));
}

/**
 * What a file that has changed means: what is of an older version is a copy that was left behind
 * and is brought up to date; what no version ever had was written by hand and becomes one.
 */
async function takeUp(
  folder: string,
  found: FoundSkill,
  write: WriteContext,
): Promise<Written | "unsettled" | undefined> {
  const files = await readChecked(found);
  const digest = skillDigest(files);
  const record = await write.records.read(found.name);
  const newest = record && newestVersion(record);
  if (newest?.digest === digest) return undefined;
  if (record && hasDigest(record, digest)) {
    if (record.deleted) await removePath(found.path);
    else if (newest) await writeSkillFiles(folder, await write.open(record.name, newest));
    return undefined;
  }
  await delay(SETTLE_MS);
  if ((await digestOf(found)) !== digest) return "unsettled";
  return writeDraft(write, { name: found.name, files }, "verbatim");
}

/** Without the path of the folder: the model sees it. */
export function tellProblem(name: string, error: unknown): Diagnostic {
  if (isCodemodeError(error)) return { code: "SKILL_FILE_BROKEN", message: error.message };
  const reason =
    error instanceof Error && "code" in error && typeof error.code === "string"
      ? error.code
      : "unknown";
  return {
    code: "SKILL_FOLDER_FAILED",
    message: `Skill ${quoteName(name)} could not be read from or written to the skills folder (${reason}). Check its permissions.`,
  };
}
