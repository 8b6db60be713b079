import type { HookName } from "./skill-fields.ts";
import type { SkillFiles, SkillHook, SkillHooks, SkillScript } from "./skill.ts";

/** What hooks are looked up in. */
export interface HookScope {
  readonly skill: string;
  readonly files: SkillFiles;
  readonly entry: SkillScript | undefined;
}

const EXPORT = /^[A-Za-z_$][\w$]*$/;

/**
 * Finds what hooks name: `scripts/check.ts`, `scripts/check.ts#before`, or an export of the entry.
 * A hook that names nothing is left out and told: a skill that expects a check must not seem to
 * have it.
 */
export function readHooks(
  stated: ReadonlyMap<HookName, string>,
  scope: HookScope,
): { readonly hooks: SkillHooks; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const found: { -readonly [Name in HookName]?: SkillHook } = {};
  for (const [name, text] of stated) {
    const hook = readHook(text, scope);
    if (hook) found[name] = hook;
    else problems.push(`the hook ${name} names no module or export of the skill: left out.`);
  }
  return { hooks: found, problems };
}

function readHook(text: string, { files, entry }: HookScope): SkillHook | undefined {
  const [path = "", exportName = "default", ...rest] = text.split("#");
  if (rest.length > 0) return undefined;
  if (files.has(path)) return EXPORT.test(exportName) ? { path, exportName } : undefined;
  return entry && EXPORT.test(text) ? { path: entry.path, exportName: text } : undefined;
}
