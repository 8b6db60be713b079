import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { makeFolder } from "@codemode/core/node";

import type { ReadSkill } from "./read-skill.ts";

/**
 * Writes a skill as plain files into a folder, over what has its name there: `<name>.ts` or
 * `<name>/SKILL.md`. Whoever reads meanwhile sees the old file or the new one.
 */
export async function writeSkillFiles(
  folder: string,
  { name, form, files }: Pick<ReadSkill, "name" | "form" | "files">,
): Promise<void> {
  await makeFolder(folder);
  const temporary = join(folder, `.${name}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    if (form === "file") {
      const [path, content] = [...files][0] ?? [`${name}.ts`, ""];
      await writeWhole(temporary, content);
      await rename(temporary, join(folder, path));
      return;
    }
    for (const [path, content] of files) {
      const target = join(temporary, path);
      // oxlint-disable-next-line no-await-in-loop -- few files, and no more open at once than needed
      await makeFolder(dirname(target));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await writeWhole(target, content);
    }
    await replaceFolder(temporary, join(folder, name));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes what stands at a path, at once for whoever looks. */
export async function removePath(path: string): Promise<void> {
  const trash = join(dirname(path), `.${randomBytes(9).toString("hex")}.tmp`);
  await rename(path, trash);
  await rm(trash, { recursive: true, force: true });
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, "wx", 0o644);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder cannot take the place of one that holds something. */
async function replaceFolder(from: string, to: string): Promise<void> {
  await removePath(to).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  });
  await rename(from, to);
}
