import { createSkillsFromConfig, createStorageFromConfig, loadConfig } from "@codemode/config";
import type { Diagnostic } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { SkillStore } from "@codemode/skills";

import type { GlobalOptions } from "./options.ts";
import { printNote } from "./output.ts";

/** The skills of one command. */
export interface OpenedSkills extends AsyncDisposable {
  readonly skills: SkillStore;
}

/** Opens the skills that the config describes; no server is connected for them. */
export async function openSkills({ config: configPath }: GlobalOptions): Promise<OpenedSkills> {
  const loaded = await loadConfig(configPath === undefined ? {} : { configPath });
  if (loaded.file === undefined && loaded.config.storage === undefined) {
    throw new CodemodeError(
      "CONFIG_NOT_FOUND",
      "Without a config file skills are kept nowhere. Write one with: codemode init",
    );
  }
  await using made = new AsyncDisposableStack();
  const storage = made.use(createStorageFromConfig(loaded));
  const skills = made.use(createSkillsFromConfig(loaded, storage));
  const kept = made.move();
  return { skills, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** What is odd about skills, beside the result. */
export function printDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const { message } of diagnostics) printNote(`note: ${message}`);
}
