import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

import { CodemodeError } from "@codemode/core";
import { makeFolder } from "@codemode/core/node";

import { statIfThere } from "../stat-if-there.ts";

/** One part of a path: nothing that a shell or a file system takes for something else. */
const PART = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[\w-][\w .@+-]*(?<![ .])$/iu;

/** A folder that is to be read must be there: a misspelt one would be an empty one, which empties the store. */
export async function requireFolder(folder: unknown): Promise<void> {
  if (typeof folder !== "string") return;
  const found = await statIfThere(folder);
  if (found?.isDirectory()) return;
  throw new CodemodeError(
    "CONFIG_INVALID",
    `There is no folder ${JSON.stringify(folder)}. Name one with skills/, artifacts/ or tools/ in it, or create it.`,
  );
}

/** Plain files in a folder and the folders in it, by path with `/`. Hidden files and links are left out. */
export async function listFolder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll(sep, "/"))
    .filter((path) => path.split("/").every((part) => !part.startsWith(".")));
}

/** Whether a file in a folder can bear a name of the store. */
export function isFileName(name: string): boolean {
  return name.split("/").every((part) => PART.test(part));
}

/** Where a name of the store is in a folder; never outside of it. `STORAGE_KEY_INVALID` where nowhere. */
export function pathInFolder(folder: string, name: string): string {
  if (isFileName(name)) return join(folder, ...name.split("/"));
  throw new CodemodeError(
    "STORAGE_KEY_INVALID",
    `${JSON.stringify(name)} cannot be the name of a file. Save it under another name, or read it with: codemode artifacts get`,
  );
}

/** As artifacts have it. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(Buffer.from(chunk));
  return `sha256:${hash.digest("hex")}`;
}

/** Writes a file whole or not at all; a link in its place is replaced, not followed. */
export async function writeWhole(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  await makeFolder(dirname(path));
  const part = join(dirname(path), `.${randomUUID()}.part`);
  await writeFile(part, content, { flag: "wx" });
  await rename(part, path);
}
