import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

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
    const text = await readText(path);
    if (text !== undefined) return { file: basename(given), folder: dirname(path), text };
    const message = `There is no config file at ${JSON.stringify(given)}. Correct the path, or create one with "codemode init".`;
    throw new CodemodeError("CONFIG_NOT_FOUND", message);
  }
  for (const file of CONFIG_FILES) {
    // oxlint-disable-next-line no-await-in-loop -- the first of the names wins
    const text = await readText(join(cwd, file));
    if (text !== undefined) return { file, folder: resolve(cwd), text };
  }
  return undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const message = `The config file ${JSON.stringify(basename(path))} cannot be read (${String(code)}).`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
}
