import type { AskRunner, GuestRealm, ImportModule } from "./guest-realm.ts";

function unset(): never {
  throw new Error("The guest runtime is not complete.");
}

/** Takes hold of the built-ins. Runs once, before any program. */
function createRealm(
  write: (frame: string) => void,
  importModule: ImportModule | undefined,
  ask: AskRunner | undefined,
): GuestRealm {
  const global = globalThis as unknown as Record<string, unknown>;
  // No program needs them, and with them memory escapes its limit.
  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics"]) delete global[name];
  Error.stackTraceLimit = 20;
  const { defineProperty } = Object;
  return {
    global,
    write,
    importModule,
    ask,
    // Indirect: in the global scope, so that a program's `var`s live on.
    evaluate: globalThis.eval,
    parse: JSON.parse,
    quote: JSON.stringify,
    now: Date.now,
    slice: Function.prototype.call.bind(String.prototype.slice) as GuestRealm["slice"],
    keysOf: Object.keys,
    freeze: Object.freeze,
    define(target, key, value) {
      const property = { __proto__: null, value, writable: true, configurable: true };
      defineProperty(target, key, property);
    },
    execution: undefined,
    missingImport: undefined,
    pending: { __proto__: null } as unknown as GuestRealm["pending"],
    warnings: { __proto__: null } as unknown as GuestRealm["warnings"],
    warningCount: 0,
    callCount: 0,
    lateCount: 0,
    call: unset,
    caller: unset,
    flush: unset,
    answered: unset,
    rejectPending: unset,
    dropPending: unset,
    toolError: unset,
    toolErrorFields: unset,
    encode: unset,
    log: unset,
    flushLogs: unset,
    takeLogTail: unset,
    resetLogs: unset,
    fireTimers: unset,
    hasTimers: unset,
    clearTimers: unset,
    usePlaces: unset,
    helpers: unset,
    skills: unset,
    useSkills: unset,
    loadSkill: unset,
    useCatalog: unset,
    load: unset,
  };
}

/** Puts something where programs find it, changeable like the language's own globals. */
function defineGlobal(realm: GuestRealm, name: string, value: unknown): void {
  realm.define(realm.global, name, value);
}

export const baseFunctions = [unset, createRealm, defineGlobal];
