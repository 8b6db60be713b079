import type { GuestRealm } from "./guest-realm.ts";
import type { ForkedRequest } from "./skill-forks.ts";
import type { SkillExports, SkillModule, SkillSpace } from "./skill-spaces.ts";

declare function isSilent(name: string): boolean;
declare function sealedTraps(name: string): ProxyHandler<object>;
declare function createAsk(
  realm: GuestRealm,
): (name: string) => (...args: unknown[]) => Promise<unknown>;
declare function enterSkill(space: SkillSpace, module: SkillModule): SkillSpace;
declare function loadSkillModule(space: SkillSpace, reference: string): Promise<SkillModule>;
declare function arrangeArguments(
  space: SkillSpace,
  module: SkillModule,
  given: { readonly args: Arguments; readonly takes: number },
): Arguments;
declare function runForked(
  space: SkillSpace,
  module: SkillModule,
  request: ForkedRequest,
): Promise<unknown>;
declare function runSkillModule(space: SkillSpace, module: SkillModule): Promise<SkillExports>;
declare function forgetSkill(space: SkillSpace, names: readonly unknown[]): void;

type Arguments = readonly unknown[];
type Callable = (...args: readonly unknown[]) => unknown;

/** `skills`: every skill as a function, and questions about them. */
function createSkills(space: SkillSpace): object {
  const { realm } = space;
  const ask = createAsk(realm);
  const fixed: Record<string, unknown> = {
    __proto__: null,
    invoke: (name: unknown, ...args: unknown[]) => invokeSkill(space, String(name), args),
    list: ask("skills.list"),
    search: ask("skills.search"),
    get: ask("skills.get"),
    create: changeSkill(space, "skills.create"),
    delete: changeSkill(space, "skills.delete"),
    save: changeSkill(space, "skills.save"),
    update: changeSkill(space, "skills.update"),
    versions: ask("skills.versions"),
    rollback: changeSkill(space, "skills.rollback"),
    load: ask("skills.tools.load"),
  };
  const made: Record<string, Callable> = { __proto__: null } as never;
  const get = (name: string): unknown => {
    if (fixed[name] !== undefined) return fixed[name];
    if (isSilent(name)) return undefined;
    return (made[name] ??= realm.freeze((...args: readonly unknown[]) =>
      invokeSkill(space, name, args),
    ));
  };
  return new Proxy(fixed, {
    ...sealedTraps("skills"),
    get: (_target, key) => (typeof key === "string" ? get(key) : undefined),
  });
}

/** A program sees its own changes at once. */
function changeSkill(space: SkillSpace, name: string) {
  return async (...args: unknown[]): Promise<unknown> => {
    const answer = await space.realm.call("h", name, args);
    const { name: saved, identifier } = (answer ?? {}) as Record<string, unknown>;
    const [first] = args as [{ readonly name?: unknown } | string | undefined];
    const asked = typeof first === "object" ? first?.name : first;
    forgetSkill(space, [asked, saved, identifier]);
    return answer;
  };
}

/** Calls a skill's entry, with its hooks around it. */
async function invokeSkill(
  space: SkillSpace,
  reference: string,
  args: Arguments,
): Promise<unknown> {
  const module = await loadSkillModule(space, reference);
  const target = enterSkill(space, module);
  if (module.fork) return runForked(space, module, { kind: "invoke", reference, args });
  return callSkillModule(target, module, args);
}

async function callSkillModule(
  space: SkillSpace,
  module: SkillModule,
  args: Arguments,
): Promise<unknown> {
  const exports = await runSkillModule(space, module);
  const { exportName } = module;
  // What it did, it did when it ran.
  if (exportName === undefined) return exports["default"];
  const run = exports[exportName];
  if (typeof run !== "function") throw skillError(space, module, "exports no function to call");
  const given = arrangeArguments(space, module, { args, takes: run.length });
  if (!module.hooks) return (run as Callable)(...given);
  return callWithHooks({ space, module, args }, () => (run as Callable)(...given));
}

interface SkillCall {
  readonly space: SkillSpace;
  readonly module: SkillModule;
  readonly args: Arguments;
}

async function callWithHooks(call: SkillCall, run: () => unknown): Promise<unknown> {
  const args = call.args.length > 1 ? call.args : call.args[0];
  await callHook(call, "beforeInvoke", { args });
  try {
    const value = await run();
    await callHook(call, "afterInvoke", { args, value });
    return value;
  } catch (error) {
    try {
      await callHook(call, "onError", { args, error });
    } catch {
      // What the hook could not do is less than what went wrong before.
    }
    throw error;
  }
}

async function callHook(
  { space, module }: SkillCall,
  name: string,
  event: Readonly<Record<string, unknown>>,
): Promise<void> {
  const [path, exportName] = module.hooks?.[name] ?? ["", ""];
  if (path === "") return;
  const owner = await loadSkillModule(space, `${module.skill}/${path}`);
  const hook = (await runSkillModule(space, owner))[exportName];
  if (typeof hook !== "function")
    throw skillError(space, module, `names a hook that is no function: ${path}#${exportName}`);
  await (hook as Callable)({ skill: module.skill, ...event });
}

function skillError(space: SkillSpace, { skill, path }: SkillModule, what: string): Error {
  const message = `Skill "${skill}" ${what} (${path}).`;
  return space.realm.toolError({ tool: `skills.${skill}`, code: "SKILL_FAILED", message });
}

export const skillCallFunctions = [
  createSkills,
  changeSkill,
  invokeSkill,
  callSkillModule,
  callWithHooks,
  callHook,
  skillError,
];
