import { createRequire } from "node:module";
import { join } from "node:path";
import { Writable } from "node:stream";
import * as vm from "node:vm";

import { createPathHider } from "./hide-places.ts";

/** A context with Node's globals, as scripts in the workspace have them. */
export function createGuestContext(workspace: string): vm.Context {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!(name in context)) defineLazily(context, name);
  }
  defineHidden(context, "global", context);
  defineHidden(context, "require", createProgramRequire(workspace));
  const adapt: (host: typeof globalThis) => void = vm.runInContext(
    `(${String(adaptRealm)})`,
    context,
  );
  adapt(globalThis);
  return context;
}

/** A context with the language and nothing else. */
export function createSealedContext(): vm.Context {
  return vm.createContext(vm.constants.DONT_CONTEXTIFY);
}

/** A function of ours for a sealed context. What it throws is of our realm: none of it gets through. */
export function sealFunction<Answer>(
  context: vm.Context,
  own: (text: string) => Answer,
): (text: string) => Answer {
  const seal: (own: (text: string) => Answer) => (text: string) => Answer = vm.runInContext(
    `(${String(passTexts)})`,
    context,
  );
  return seal(own);
}

/** Shipped to the context as text. Ours throws only where the stack ends. */
function passTexts(own: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return own(text);
    } catch {
      throw new RangeError("Maximum call stack size exceeded");
    }
  };
}

/** What cannot be loaded is told with places as programs write them. */
function createProgramRequire(workspace: string): NodeJS.Require {
  const load = createRequire(join(workspace, "program.js"));
  const hider = createPathHider(workspace);
  const guard = <Options extends readonly unknown[], Result>(
    own: (specifier: string, ...options: Options) => Result,
  ): ((specifier: string, ...options: Options) => Result) =>
    function require(specifier, ...options) {
      try {
        return own(specifier, ...options);
      } catch (error) {
        throw hider.error(error);
      }
    };
  const resolve = Object.assign(guard(load.resolve), {
    paths: (request: string) => load.resolve.paths(request),
  });
  return Object.assign(guard(load), { ...load, resolve });
}

/** Not listed: who shows `globalThis` means what the program put there. */
function defineHidden(context: vm.Context, name: string, value: unknown): void {
  Object.defineProperty(context, name, { value, configurable: true, writable: true });
}

/** Read when first used: many of Node's globals are loaded only then. */
function defineLazily(context: vm.Context, name: string): void {
  Object.defineProperty(context, name, {
    configurable: true,
    get: (): unknown => Reflect.get(globalThis, name),
    set(value: unknown) {
      Object.defineProperty(context, name, { value, configurable: true, writable: true });
    },
  });
}

/**
 * Shipped to the context as text. Node's modules make their objects with other constructors than the
 * program does: `instanceof` takes both.
 */
function adaptRealm(host: typeof globalThis): void {
  const errors = ["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError"];
  const others = ["Array", "ArrayBuffer", "Date", "Map", "Object", "Promise", "RegExp", "Set"];
  const { get, apply } = Reflect;
  const isInstance: unknown = get(Function.prototype, Symbol.hasInstance);
  const ask = (type: unknown, value: unknown): boolean =>
    typeof isInstance === "function" && typeof type === "function"
      ? apply(isInstance, type, [value]) === true
      : false;
  const acceptToo = (type: unknown, other: unknown): void => {
    if (typeof type !== "function") return;
    Object.defineProperty(type, Symbol.hasInstance, {
      configurable: true,
      // Classes that extend it inherit this; they mean themselves alone.
      value(this: unknown, value: unknown) {
        return ask(this, value) || (this === type && ask(other, value));
      },
    });
  };
  for (const name of [...errors, ...others, "Uint8Array"])
    acceptToo(get(globalThis, name), get(host, name));
  // The other way round, Node and packages look at what programs throw.
  for (const name of errors) acceptToo(get(host, name), get(globalThis, name));
}

/** What a program prints becomes log lines; what would end the process says what to do instead. */
export function adaptProcess(context: vm.Context): void {
  const console: Pick<Console, "log" | "error"> = vm.runInContext("console", context);
  const { log, error } = console;
  Object.defineProperty(process, "stdout", { value: logStream(log), configurable: true });
  Object.defineProperty(process, "stderr", { value: logStream(error), configurable: true });
  // What a shell on the way has left there.
  for (const name of ["PWD", "OLDPWD", "SHLVL", "_"]) Reflect.deleteProperty(process.env, name);
  for (const name of ["exit", "abort"] as const) {
    process[name] = () => {
      const text = `process.${name}() would end the session. Return a value, or throw an error.`;
      throw new Error(text);
    };
  }
}

function logStream(log: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      log(String(chunk).replace(/\n$/, ""));
      done();
    },
  });
}
