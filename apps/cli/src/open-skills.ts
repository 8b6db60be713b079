import { createSkillsFromConfig, createStorageFromConfig, loadConfig } from "@codemode/config";
import type { Diagnostic } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { SkillStore } from "@codemode/skills";

import { openSession } from "./open-session.ts";
import type { GlobalOptions } from "./options.ts";
import { printNote } from "./output.ts";

/** The skills of one command. */
export interface OpenedSkills extends AsyncDisposable {
  readonly skills: SkillStore;
}

/** Opens the skills that the config describes; servers are connected only where `--servers` says so. */
export async function openSkills(options: GlobalOptions): Promise<OpenedSkills> {
  if (options.servers === true) return openWithServers(options);
  const { config: configPath } = options;
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

/** Those that servers have, too, as a session sees them. */
async function openWithServers(options: GlobalOptions): Promise<OpenedSkills> {
  await using made = new AsyncDisposableStack();
  const { skills } = made.use(await openSession(options, { mentions: "" })).session;
  if (!skills) throw skillsOff();
  const kept = made.move();
  return { skills, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The config says so. */
export function skillsOff(): CodemodeError {
  return new CodemodeError("CONFIG_INVALID", 'Skills are off: the config says "skills": false.');
}

/** What is odd about skills, beside the result. */
export function printDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const { message } of diagnostics) printNote(`note: ${message}`);
}
