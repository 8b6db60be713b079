import type { CatalogFrame } from "../protocol.ts";
import type { GuestRealm } from "./guest-realm.ts";

/** What `import` finds: servers by name, modules of source by running them once. */
function installModules(
  realm: GuestRealm,
  servers: Record<string, unknown>,
  sources: CatalogFrame["modules"],
): void {
  const running: Record<string, Promise<unknown>> = { __proto__: null } as never;
  const findSource = (name: string): { specifier: string; script: string } | undefined => {
    for (let index = 0; index < sources.length; index += 1) {
      if (sources[index]?.specifier === name) return sources[index];
    }
    return undefined;
  };
  const stacks = new WeakMap<object, string>();
  realm.load = async (specifier, chain, asked) => {
    const isStatic = Array.isArray(asked);
    const called = new Error();
    try {
      return await find(specifier, chain, asked);
    } catch (error) {
      // What a program imports statically is looked for before anything of it runs.
      if (isStatic && isMissing(error)) realm.missingImport = error;
      const text = isStatic ? `\n    at import ${realm.quote(String(specifier))}` : undefined;
      if (chain.length === 0) addPlace(realm, stacks, { error, called, text });
      throw error;
    }
  };
  const find: GuestRealm["load"] = async (specifier, chain, asked) => {
    const name = plainSpecifier(String(specifier));
    if (servers[name] !== undefined) return servers[name];
    if (name === "codemode/helpers") return realm.helpers();
    const source = findSource(name);
    const skill = source ? undefined : realm.loadSkill(name);
    if (skill) return skill;
    if (!source && realm.importModule) return realm.importModule(String(specifier), asked);
    if (!source) throw missingModule(`There is no module ${realm.quote(String(specifier))}.`);
    if (chain.includes(name))
      throw new Error(`Modules import each other: ${[...chain, name].join(" -> ")}.`);
    running[name] ??= runModule(source, [...chain, name]);
    return running[name];
  };
  const runModule = async (
    source: { readonly specifier: string; readonly script: string },
    chain: readonly string[],
  ): Promise<unknown> => {
    const body = realm.evaluate(
      `${source.script}\n//# sourceURL=codemode-module:${source.specifier}`,
    ) as (load: (specifier: string, asked?: unknown) => Promise<unknown>) => Promise<unknown>;
    return body((specifier, asked) => realm.load(specifier, chain, asked));
  };
}

function missingModule(message: string): Error {
  return Object.assign(new Error(message), { code: "IMPORT_NOT_FOUND" });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "IMPORT_NOT_FOUND";
}

/**
 * What is thrown where no program is on the stack tells which of its imports it was. A module fails
 * once, and for each program that imports it.
 */
function addPlace(
  realm: GuestRealm,
  stacks: WeakMap<object, string>,
  failed: { readonly error: unknown; readonly called: Error; readonly text: string | undefined },
): void {
  try {
    const error = failed.error as Error;
    const stack = stacks.get(error) ?? error.stack;
    if (typeof stack !== "string") return;
    stacks.set(error, stack);
    const place = failed.text ?? realm.slice(failed.called.stack ?? "", "Error".length);
    realm.define(error, "stack", stack.includes(place) ? stack : stack + place);
  } catch {
    // Without a place: the program has changed what is needed for it.
  }
}

/** The host's check of imports reads specifiers the same way. */
function plainSpecifier(specifier: string): string {
  return specifier.replace(/^(\.\/|@\/|\/)/, "").replace(/(\/index)?(\.(d\.)?[cm]?[tj]s)?$/, "");
}

export const importFunctions = [installModules, missingModule, isMissing, addPlace, plainSpecifier];
