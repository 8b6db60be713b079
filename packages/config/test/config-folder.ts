import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach } from "vitest";

import type { LoadedConfig } from "../src/index.ts";
import { loadConfig } from "../src/index.ts";

/** Where configs are written. */
export const folder = { path: "" };

/** Gives each test of a file an empty folder. Call it at the top of the file. */
export function useFolder(): void {
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), "codemode-config-"));
  });
  afterEach(() => rm(folder.path, { recursive: true }));
}

/** Writes a config file and loads what the folder has. */
export async function load(
  file: string,
  text: string,
  env: Record<string, string> = {},
): Promise<LoadedConfig> {
  await writeFile(join(folder.path, file), text);
  return loadConfig({ cwd: folder.path, env });
}
