import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { CodemodeError } from "@codemode/core";
import { makeFolder } from "@codemode/core/node";

/** Replaces a file at once or not at all. Where it is a link, what it leads to is written. */
export async function replaceFile(path: string, text: string, label: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    const target = await realpath(path).catch(() => path);
    const mode = await stat(target).then(
      (stats) => stats.mode & 0o777,
      // Servers' entries may hold secrets.
      () => 0o600,
    );
    const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
    try {
      await using file = await open(draft, "wx", mode);
      await file.writeFile(text);
      await file.sync();
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const message = `${label} cannot be written (${code}). It was left as it is.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
}
