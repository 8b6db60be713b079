import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { documentFiles, SKILL_DOCUMENT } from "./skill-document.ts";
import { skillInvalid } from "./skill-error.ts";
import { MAX_SKILL_BYTES, MAX_SKILL_FILES } from "./skill-files.ts";
import type { SkillFiles } from "./skill.ts";

/** A skill that stands in a folder, unread. */
export interface FoundSkill {
  readonly name: string;
  readonly form: "file" | "folder" | "document";
  /** Of the module or document, or of the folder that has `SKILL.md`. */
  readonly path: string;
}

const MODULE = /\.(?:ts|mts|js|mjs)$/;
const NOT_A_SKILL = /(?:\.d\.m?ts|\.(?:test|spec)\.m?[tj]s|^index\.m?[tj]s)$/;
const SKIPPED = new Set([".git", "node_modules"]);
const MAX_DEPTH = 8;

/** Skills directly in a folder, by name. A folder that is missing has none. */
export async function findSkills(folder: string): Promise<readonly FoundSkill[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found = await Promise.all(
    entries.map(async (entry): Promise<FoundSkill | undefined> => {
      const { name } = entry;
      const path = join(folder, name);
      if (name.startsWith(".") || SKIPPED.has(name)) return undefined;
      if (entry.isDirectory()) {
        return (await isSkillFolder(path)) ? { name, form: "folder", path } : undefined;
      }
      if (SKILL_DOCUMENT.test(name))
        return { name: name.replace(SKILL_DOCUMENT, ""), form: "document", path };
      if (!MODULE.test(name) || NOT_A_SKILL.test(name)) return undefined;
      return { name: name.replace(MODULE, ""), form: "file", path };
    }),
  );
  return found.filter((one) => one !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The forms in which a skill of this name stands in a folder. */
export async function findSkill(folder: string, name: string): Promise<readonly FoundSkill[]> {
  if (basename(name) !== name || name.startsWith(".")) return [];
  const endings = ["ts", "mts", "js", "mjs", "skill.md", "skill.json"];
  const candidates = endings.map((ending): FoundSkill => ({
    name,
    form: ending.startsWith("skill.") ? "document" : "file",
    path: join(folder, `${name}.${ending}`),
  }));
  const there = await Promise.all(candidates.map(({ path }) => isThere(path)));
  const path = join(folder, name);
  const asFolder: readonly FoundSkill[] = (await isSkillFolder(path))
    ? [{ name, form: "folder", path }]
    : [];
  return [...candidates.filter((_one, index) => there[index]), ...asFolder];
}

async function isSkillFolder(path: string): Promise<boolean> {
  return (await isThere(join(path, "SKILL.md"))) || isThere(join(path, "skill.md"));
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Differs where a file of the skill was changed; only their times and sizes are looked at. */
export async function stampOf(skill: FoundSkill): Promise<string> {
  const files = await listFiles(skill);
  const stats = await Promise.all(files.map(({ path }) => lstat(path)));
  return stats
    .map(({ mtimeMs, ctimeMs, size, ino }, index) =>
      [files[index]?.name, mtimeMs, ctimeMs, size, ino].join(":"),
    )
    .join("|");
}

/** Files of a skill. Links are refused: they lead out of it. `SKILL_INVALID`. */
export async function readFoundSkill(skill: FoundSkill): Promise<SkillFiles> {
  const files = new Map<string, Uint8Array>();
  let left = MAX_SKILL_BYTES;
  for (const { name, path } of await listFiles(skill)) {
    // oxlint-disable-next-line no-await-in-loop -- what was read says how much more may be
    const bytes = await readPlainFile(path, left, { skill: skill.name, path: name });
    left -= bytes.byteLength;
    files.set(name, bytes);
  }
  const [document] = files;
  if (skill.form !== "document" || !document) return files;
  const [path, bytes] = document;
  return documentFiles({ skill: skill.name, path, text: Buffer.from(bytes).toString("utf8") });
}

/** Files of a folder with `SKILL.md`, for a draft. `SKILL_INVALID`. */
export function readSkillFolder(name: string, path: string): Promise<SkillFiles> {
  return readFoundSkill({ name, form: "folder", path });
}

interface ListedFile {
  /** Inside the skill. */
  readonly name: string;
  readonly path: string;
}

async function listFiles({ name, form, path }: FoundSkill): Promise<readonly ListedFile[]> {
  if (form !== "folder") return [{ name: basename(path), path }];
  const found: ListedFile[] = [];
  const walk = async (folder: string, prefix: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = `${prefix}${entry.name}`;
      if (entry.isSymbolicLink()) {
        throw skillInvalid({ skill: name, path: inside }, "links are refused. Put a copy there.");
      }
      if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
      if (found.length > MAX_SKILL_FILES || depth > MAX_DEPTH) {
        throw skillInvalid(
          { skill: name },
          `it has more than ${MAX_SKILL_FILES} files or ${MAX_DEPTH} levels. Leave some out.`,
        );
      }
      if (entry.isFile()) found.push({ name: inside, path: join(folder, entry.name) });
      // oxlint-disable-next-line no-await-in-loop -- the count of files so far decides
      if (entry.isDirectory()) await walk(join(folder, entry.name), `${inside}/`, depth + 1);
    }
  };
  await walk(path, "", 1);
  return found;
}

async function readPlainFile(
  path: string,
  limit: number,
  place: { readonly skill: string; readonly path: string },
): Promise<Uint8Array> {
  // Also where a file became a link, or a pipe, since it was listed.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((cause: unknown) => {
    if (isMissing(cause)) throw cause;
    throw skillInvalid(place, "it cannot be opened as a plain file. Put a copy there.", { cause });
  });
  try {
    const { size } = await handle.stat();
    const isPlain = (await handle.stat()).isFile();
    if (!isPlain) throw skillInvalid(place, "it is no plain file. Leave it out.");
    if (size > limit) {
      throw skillInvalid(
        { skill: place.skill },
        `its files have more than ${MAX_SKILL_BYTES} bytes. Keep large data elsewhere.`,
      );
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Whether an error says that a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ENOTDIR")
  );
}
