import type { SkillExports, SkillModule, SkillSpace } from "./skill-spaces.ts";

declare function plainSpecifier(specifier: string): string;
declare function enterSkill(space: SkillSpace, module: SkillModule): SkillSpace;
declare function findServer(space: SkillSpace, specifier: string): object | undefined;
declare function importForked(
  space: SkillSpace,
  module: SkillModule,
  reference: string,
): Promise<SkillExports>;
declare function skillToolsOf(space: SkillSpace): object;
declare function scopeOf(
  space: SkillSpace,
  script: string,
): readonly [names: string, values: unknown[]];

/** Asks the host for a module of a skill, once an execution: what runs is not changed under it. */
function loadSkillModule(space: SkillSpace, reference: string): Promise<SkillModule> {
  const { shared } = space;
  const execution = shared.realm.execution?.id ?? "";
  if (shared.loadedBy !== execution) {
    shared.loadedBy = execution;
    shared.loaded = { __proto__: null } as never;
  }
  return (shared.loaded[reference] ??= fetchSkillModule(space, reference));
}

async function fetchSkillModule(space: SkillSpace, reference: string): Promise<SkillModule> {
  const { loaded } = space.shared;
  try {
    return (await space.realm.call("h", "skills.load", [reference])) as SkillModule;
  } catch (error) {
    // It may be made in a moment.
    delete loaded[reference];
    throw error;
  }
}

/** Lets go of what was loaded of a skill that the program itself has changed. */
function forgetSkill({ shared }: SkillSpace, names: readonly unknown[]): void {
  const { realm, loaded } = shared;
  const references = realm.keysOf(loaded);
  for (let index = 0; index < references.length; index += 1) {
    const reference = references[index] ?? "";
    for (let at = 0; at < names.length; at += 1) {
      const name = String(names[at]);
      const isWhole = reference === name;
      if (isWhole || realm.slice(reference, 0, name.length + 1) === `${name}/`)
        delete loaded[reference];
    }
  }
}

/** Runs a module of a skill in its space, once; one that was cut off or failed runs again. */
function runSkillModule(
  space: SkillSpace,
  module: SkillModule,
  loading: readonly string[] = [],
): Promise<SkillExports> {
  const { instances, shared } = space;
  const execution = shared.realm.execution?.id ?? "";
  const known = instances[module.path];
  if (known && (known.ran || known.execution === execution)) return known.exports;
  const instance = { execution, ran: false, exports: startSkillModule(space, module, loading) };
  instances[module.path] = instance;
  settleInstance(space, module, instance);
  return instance.exports;
}

async function settleInstance(
  { instances }: SkillSpace,
  { path }: SkillModule,
  instance: SkillSpace["instances"][string],
): Promise<void> {
  try {
    await instance.exports;
    instance.ran = true;
  } catch {
    // Whoever asked for it is told.
    if (instances[path] === instance) delete instances[path];
  }
}

async function startSkillModule(
  space: SkillSpace,
  module: SkillModule,
  loading: readonly string[],
): Promise<SkillExports> {
  const [names, values] = scopeOf(space, module.script);
  const source = `(function (${names}) { return ${module.script}\n})\n//# sourceURL=codemode-module:${module.url}`;
  const make = space.shared.realm.evaluate(source) as (
    ...scope: unknown[]
  ) => (load: (specifier: unknown, asked?: unknown) => Promise<unknown>) => Promise<SkillExports>;
  const path = [...loading, module.path];
  return make(...values)((specifier, asked) =>
    importFromSkill({ space, module, loading: path }, String(specifier), asked),
  );
}

interface SkillImporter {
  readonly space: SkillSpace;
  readonly module: SkillModule;
  readonly loading: readonly string[];
}

/** What a module of a skill imports: as a program, and its own files by relative paths. */
async function importFromSkill(
  importer: SkillImporter,
  specifier: string,
  asked: unknown,
): Promise<unknown> {
  const { space, module } = importer;
  const { realm } = space.shared;
  const name = plainSpecifier(specifier);
  if (name === "codemode/helpers") return realm.helpers();
  if (name === "generated/skills" || name === "generated/mcp/skills") return skillToolsOf(space);
  const server = findServer(space, name);
  if (server) return server;
  const isRelative = specifier[0] === "." && realm.slice(name, 0, 10) !== "generated/";
  const isSkill = realm.slice(name, 0, 7) === "skills/";
  if (!isRelative && !isSkill) return realm.load(specifier, [], asked);
  const reference =
    isRelative && !isSkill
      ? `${module.skill}/${resolvePath(space, module.path, specifier)}`
      : realm.slice(name, 7);
  const exports = await importSkillModule(importer, reference);
  checkAsked(space, specifier, [exports, asked]);
  return exports;
}

async function importSkillModule(
  { space, loading }: SkillImporter,
  reference: string,
): Promise<SkillExports> {
  const found = await loadSkillModule(space, reference);
  const target = enterSkill(space, found);
  if (target !== space)
    return found.fork ? importForked(space, found, reference) : runSkillModule(target, found);
  for (let index = 0; index < loading.length; index += 1) {
    if (loading[index] !== found.path) continue;
    const names = `${loading.join(" -> ")} -> ${found.path}`;
    const message = `Modules of skill "${found.skill}" import each other: ${names}.`;
    throw space.realm.toolError({ code: "SKILL_CYCLE", message });
  }
  return runSkillModule(target, found, loading);
}

/** `../lib/x` seen from `scripts/a.ts` is `lib/x`; what leads out of the skill is nowhere. */
function resolvePath({ shared }: SkillSpace, from: string, specifier: string): string {
  const { realm } = shared;
  const parts: string[] = [];
  const text = `${from}/../${specifier}/`;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] !== "/") continue;
    const part = realm.slice(text, start, index);
    start = index + 1;
    if (part === "." || part === "") continue;
    if (part !== "..") parts[parts.length] = part;
    else if (parts.length > 0) parts.length -= 1;
    else throw new Error(`${realm.quote(specifier)} leads out of its skill.`);
  }
  let path = "";
  for (let index = 0; index < parts.length; index += 1)
    path += `${index === 0 ? "" : "/"}${parts[index]}`;
  return path;
}

/** A static import wants its names to be there. */
function checkAsked(
  { shared }: SkillSpace,
  specifier: string,
  [exports, asked]: readonly [exports: SkillExports, asked: unknown],
): void {
  if (!Array.isArray(asked)) return;
  const { realm } = shared;
  for (let index = 0; index < asked.length; index += 1) {
    const name: unknown = asked[index];
    if (typeof name !== "string" || name === "*" || name in exports) continue;
    let names = "";
    for (const one of realm.keysOf(exports)) names += `${names === "" ? "" : ", "}${one}`;
    throw new SyntaxError(
      `Module ${realm.quote(specifier)} has no export ${realm.quote(name)}. It exports: ${names || "nothing"}.`,
    );
  }
}

export const skillModuleFunctions = [
  loadSkillModule,
  fetchSkillModule,
  forgetSkill,
  runSkillModule,
  settleInstance,
  startSkillModule,
  importFromSkill,
  importSkillModule,
  resolvePath,
  checkAsked,
];
