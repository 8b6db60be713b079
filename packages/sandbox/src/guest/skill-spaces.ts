import type { CatalogFrame } from "../protocol.ts";
import type { GuestRealm } from "./guest-realm.ts";

declare function createNamespace(realm: GuestRealm, server: string, tools: Tools): object;
declare function createTools(realm: GuestRealm, namespaces: Record<string, object>): object;
declare function createSkills(space: SkillSpace): object;
declare function createSkillTools(space: SkillSpace): object;
declare function loadSkillModule(space: SkillSpace, specifier: string): Promise<SkillModule>;
declare function runSkillModule(space: SkillSpace, module: SkillModule): Promise<SkillExports>;
declare function importForked(
  space: SkillSpace,
  module: SkillModule,
  reference: string,
): Promise<SkillExports>;

type Tools = CatalogFrame["servers"][number]["tools"];
export type SkillExports = Readonly<Record<string, unknown>>;

/** One module of a skill as the host hands it out. */
export interface SkillModule {
  /** The skill and its version, as calls are marked with it. */
  readonly id: string;
  readonly skill: string;
  /** `skills/name`, or `skills/name/scripts/x` for another module than its entry. */
  readonly specifier: string;
  /** Names the source in stacks: specifier and version. */
  readonly url: string;
  /** Inside the skill. */
  readonly path: string;
  readonly script: string;
  /** The function that is called; absent of a module that only exports. */
  readonly exportName?: string;
  readonly signature?: string;
  readonly names?: readonly string[];
  readonly rest?: boolean;
  /** Its only argument may be an object itself. */
  readonly single?: boolean;
  /** Of the arguments by name: JSON Schema. */
  readonly parameters?: unknown;
  readonly hooks?: Readonly<Record<string, readonly [path: string, exportName: string]>>;
  /** It runs in a guest of its own: not here, unless a module of the same skill asks for it. */
  readonly fork?: boolean;
  /** Skills that called it from other guests, outermost first. */
  readonly outer?: readonly string[];
}

/** Skills that called one another, outermost first: what runs in it can do what all of them may. */
export interface SkillSpace {
  /** The guest's realm; calls made through it are marked with the skills. */
  readonly realm: GuestRealm;
  /** Ids, outermost first. Empty for the program itself. */
  readonly chain: readonly SkillModule[];
  readonly key: string;
  readonly shared: SkillShared;
  /** Modules that ran here, by path. */
  readonly instances: Record<string, SkillInstance>;
  readonly servers: Record<string, object>;
  /** Where it prints to, if not to the logs. */
  readonly console?: object;
  tools?: object;
  skills?: object;
  skillTools?: object;
}

interface SkillInstance {
  readonly execution: string;
  exports: Promise<SkillExports>;
  ran: boolean;
}

/** What all spaces of a guest share. */
interface SkillShared {
  readonly realm: GuestRealm;
  catalog: CatalogFrame;
  spaces: Record<string, SkillSpace>;
  spaceCount: number;
  /** What was asked of the host by the execution that runs: a skill stays as it is until its end. */
  loaded: Record<string, Promise<SkillModule>>;
  loadedBy: string;
  readonly includes: (text: string, part: string) => boolean;
}

/** Puts the skills where programs find them. Nothing of it runs before a program asks for one. */
function installSkills(realm: GuestRealm): void {
  const includes = Function.prototype.call.bind(
    String.prototype.includes,
  ) as unknown as SkillShared["includes"];
  const shared: SkillShared = {
    realm,
    catalog: { servers: [], modules: [] },
    spaces: { __proto__: null } as never,
    spaceCount: 0,
    loaded: { __proto__: null } as never,
    loadedBy: "",
    includes,
  };
  const program = createSpace(shared, [], undefined);
  let isOn = false;
  realm.skills = () => skillsOf(program);
  realm.useSkills = (catalog) => {
    shared.catalog = catalog;
    // Their servers are those of the catalog before.
    shared.spaces = { __proto__: null } as never;
    shared.spaceCount = 0;
    isOn = catalog.features?.includes("skills") === true;
  };
  realm.loadSkill = (specifier) => {
    if (!isOn) return undefined;
    if (specifier === "generated/skills" || specifier === "generated/mcp/skills")
      return skillToolsOf(program);
    return isSkillSpecifier(realm, specifier) ? importSkill(program, specifier) : undefined;
  };
}

function isSkillSpecifier(realm: GuestRealm, specifier: string): boolean {
  return specifier.length > 7 && realm.slice(specifier, 0, 7) === "skills/";
}

function createSpace(
  shared: SkillShared,
  chain: readonly SkillModule[],
  console: object | undefined,
): SkillSpace {
  const key = spaceKey(chain);
  const { realm } = shared;
  const marked: GuestRealm =
    key === ""
      ? realm
      : // The rest is the guest's own, at whatever time it is asked for.
        ({ __proto__: realm, call: realm.caller(key) } as never);
  const space = { realm: marked, chain, key, shared, ...(console ? { console } : {}) };
  const empty = (): never => ({ __proto__: null }) as never;
  return { ...space, instances: empty(), servers: empty() };
}

function spaceKey(chain: readonly SkillModule[]): string {
  let key = "";
  for (let index = 0; index < chain.length; index += 1)
    key += `${index === 0 ? "" : ">"}${chain[index]?.id ?? ""}`;
  return key;
}

/** The space of a skill that is used from another one; refuses what goes round or too deep. */
function enterSkill(space: SkillSpace, module: SkillModule, fresh?: object): SkillSpace {
  const { chain, shared } = space;
  const innermost = chain[chain.length - 1];
  if (innermost?.id === module.id && !fresh) return space;
  const path = [...chain, module];
  const skills = [...(module.outer ?? [])];
  for (let index = 0; index < path.length; index += 1)
    skills[skills.length] = path[index]?.skill ?? "";
  let names = "";
  let seen = false;
  for (let index = 0; index < skills.length; index += 1) {
    const skill = skills[index] ?? "";
    names += `${index === 0 ? "" : " -> "}${skill}`;
    if (index < skills.length - 1 && skill === module.skill) seen = true;
  }
  if (seen || skills.length > 16) {
    const what = seen ? "Skills use each other" : "Skills use each other more than 16 deep";
    const advice = seen
      ? "Take what both need into a third skill, or a function of one."
      : "Do more in one.";
    const message = `${what}: ${names}. ${advice}`;
    throw space.realm.toolError({ code: "SKILL_CYCLE", message });
  }
  if (fresh) return createSpace(shared, path, fresh);
  const key = spaceKey(path);
  const known = shared.spaces[key];
  if (known) return known;
  // Those of changed skills, and of ever other ways to one, are let go of at some time.
  if (shared.spaceCount >= 500) {
    shared.spaces = { __proto__: null } as never;
    shared.spaceCount = 0;
  }
  shared.spaceCount += 1;
  return (shared.spaces[key] = createSpace(shared, path, undefined));
}

/** What `import` of a skill gives. */
async function importSkill(space: SkillSpace, specifier: string): Promise<SkillExports> {
  const reference = space.shared.realm.slice(specifier, 7);
  const module = await loadSkillModule(space, reference);
  const target = enterSkill(space, module);
  if (module.fork) return importForked(space, module, reference);
  return runSkillModule(target, module);
}

function toolsOf(space: SkillSpace): object {
  if (space.tools) return space.tools;
  const namespaces: Record<string, object> = { __proto__: null } as never;
  const { servers } = space.shared.catalog;
  for (let index = 0; index < servers.length; index += 1) {
    const entry = servers[index];
    if (!entry) continue;
    const namespace = serverOf(space, entry);
    namespaces[entry.identifier] = namespace;
    namespaces[entry.server] ??= namespace;
  }
  return (space.tools = createTools(space.realm, namespaces));
}

function serverOf(space: SkillSpace, entry: CatalogFrame["servers"][number]): object {
  return (space.servers[entry.identifier] ??= createNamespace(
    space.realm,
    entry.server,
    entry.tools,
  ));
}

function skillsOf(space: SkillSpace): object {
  return (space.skills ??= createSkills(space));
}

function skillToolsOf(space: SkillSpace): object {
  return (space.skillTools ??= createSkillTools(space));
}

/** A server as a module of a skill imports it. */
function findServer(space: SkillSpace, specifier: string): object | undefined {
  const { realm, catalog } = space.shared;
  const start = realm.slice(specifier, 0, 14) === "generated/mcp/" ? 14 : 18;
  if (start === 18 && realm.slice(specifier, 0, 18) !== "generated/servers/") return undefined;
  const name = realm.slice(specifier, start);
  for (let index = 0; index < catalog.servers.length; index += 1) {
    const entry = catalog.servers[index];
    if (entry && (entry.identifier === name || entry.server === name))
      return serverOf(space, entry);
  }
  return undefined;
}

/** Names and values that a module of a skill finds instead of the program's. */
function scopeOf(space: SkillSpace, script: string): readonly [names: string, values: unknown[]] {
  const values: unknown[] = [];
  let names = "";
  const add = (name: string, value: unknown): void => {
    names += `${names === "" ? "" : ", "}${name}`;
    values[values.length] = value;
  };
  const { catalog, includes } = space.shared;
  if (includes(script, "skills")) add("skills", skillsOf(space));
  if (includes(script, "tools")) add("tools", toolsOf(space));
  if (space.console) add("console", space.console);
  for (let index = 0; index < catalog.servers.length; index += 1) {
    const entry = catalog.servers[index];
    if (!entry || !includes(script, entry.identifier)) continue;
    const { identifier } = entry;
    if (identifier === "skills" || identifier === "tools" || identifier === "console") continue;
    add(identifier, serverOf(space, entry));
  }
  return [names, values];
}

export const skillSpaceFunctions = [
  installSkills,
  isSkillSpecifier,
  createSpace,
  spaceKey,
  enterSkill,
  importSkill,
  toolsOf,
  serverOf,
  skillsOf,
  skillToolsOf,
  findServer,
  scopeOf,
];
