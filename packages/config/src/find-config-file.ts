import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";

import { CodemodeError } from "@codemode/core";

/** The names that are looked for, in order. */
export const CONFIG_FILES = [
  "codemode.config.jsonc",
  "codemode.config.json",
  "codemode.config.yaml",
  "codemode.config.yml",
] as const;

/** A config file that is there. */
export interface ConfigText {
  /** Absolute. */
  readonly folder: string;
  readonly file: string;
  readonly text: string;
}

/** The file that is given, or the first of the usual names; nothing where there is none of those. */
export async function findConfigFile(
  cwd: string,
  given: string | undefined,
): Promise<ConfigText | undefined> {
  if (given !== undefined && given !== "") {
    const path = resolve(cwd, given);
    const text = await readText(path, given);
    if (text !== undefined) return { file: basename(given), folder: dirname(path), text };
    const message = `There is no config file at ${JSON.stringify(given)}. Correct the path, or create one with "codemode init".`;
    throw new CodemodeError("CONFIG_NOT_FOUND", message);
  }
  for (const file of CONFIG_FILES) {
    // oxlint-disable-next-line no-await-in-loop -- the first of the names wins
    const text = await readText(join(cwd, file), file);
    if (text !== undefined) return { file, folder: resolve(cwd), text };
  }
  return undefined;
}

/** Further configs of the usual names beside the one that is read. */
export async function otherConfigs(cwd: string, file: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(resolve(cwd)).catch(() => []);
  return CONFIG_FILES.filter((name) => name !== file && names.includes(name));
}

/** A config in a folder above, as a path from `cwd`: it is not read, since it starts what it says. */
export async function configAbove(cwd: string): Promise<string | undefined> {
  const start = resolve(cwd);
  for (let folder = dirname(start); folder !== dirname(folder); folder = dirname(folder)) {
    // oxlint-disable-next-line no-await-in-loop -- the nearest is the one that was meant
    const names: readonly string[] = await readdir(folder).catch(() => []);
    const file = CONFIG_FILES.find((name) => names.includes(name));
    if (file !== undefined) return join(relative(start, folder), file);
  }
  return undefined;
}

async function readText(path: string, shown: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const why =
      code === "EISDIR"
        ? "is a folder. Give the file in it"
        : `cannot be read (${String(code)}). Let it be read, or give another with --config`;
    const message = `The config file ${JSON.stringify(shown)} ${why}.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
}
