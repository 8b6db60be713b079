import type { Platform } from "./guest-platform.ts";

/** What is cloned already, and how. */
interface Cloning {
  readonly seen: Map<unknown, unknown>;
  readonly refuse: (what: string) => Error;
  readonly exception: ReturnType<Platform["exception"]>;
}

/** `structuredClone` (HTML, section 2.7) of data; what is transferred is an `ArrayBuffer`. */
function createClone(platform: Platform): unknown {
  return function structuredClone(
    value: unknown,
    ...[options]: readonly ({ readonly transfer?: Iterable<ArrayBuffer> } | undefined)[]
  ): unknown {
    if (arguments.length === 0) throw new TypeError("structuredClone needs a value.");
    const refuse = (what: string): Error =>
      new (platform.exception())(`${what} could not be cloned.`, "DataCloneError");
    const seen = new Map<unknown, unknown>();
    const buffers = Array.from(options?.transfer ?? []);
    for (const buffer of buffers) {
      const isNew = buffer instanceof ArrayBuffer && !buffer.detached && !seen.has(buffer);
      if (!isNew) throw refuse("What is no ArrayBuffer to be transferred, or was already,");
      seen.set(buffer, buffer);
    }
    for (const buffer of buffers) seen.set(buffer, buffer.slice(0));
    const copy = cloneValue(value, { seen, refuse, exception: platform.exception() });
    for (const buffer of buffers) buffer.transfer(0);
    return copy;
  };
}

function cloneValue(value: unknown, cloning: Cloning): unknown {
  if (typeof value === "symbol") throw cloning.refuse(String(value));
  if (typeof value === "function")
    throw cloning.refuse(value.name === "" ? "A function" : `A function (${value.name})`);
  if (typeof value !== "object" || value === null) return value;
  const known = cloning.seen.get(value);
  if (known !== undefined) return known;
  const copy = copyShell(value, cloning);
  cloning.seen.set(value, copy);
  if (value instanceof Map)
    for (const [key, item] of Array.from(value))
      (copy as Map<unknown, unknown>).set(cloneValue(key, cloning), cloneValue(item, cloning));
  else if (value instanceof Set)
    for (const item of Array.from(value)) (copy as Set<unknown>).add(cloneValue(item, cloning));
  else if (value instanceof Error) cloneCause(value, copy, cloning);
  else if (Array.isArray(value) || isPlain(value)) cloneMembers(value, copy, cloning);
  return copy;
}

/** Whether an object is its members: not one that holds something inside. */
function isPlain(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return (
    !/^\[object (Date|RegExp|ArrayBuffer|Number|String|Boolean|BigInt)\]$/.test(tag) &&
    !ArrayBuffer.isView(value)
  );
}

/** A copy without what is inside of it. */
function copyShell(value: object, cloning: Cloning): object {
  if (Array.isArray(value)) return Array.from({ length: 0 });
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (value instanceof ArrayBuffer) return copyBuffer(value, cloning);
  if (ArrayBuffer.isView(value)) return copyView(value, cloning);
  if (value instanceof cloning.exception) return new cloning.exception(value.message, value.name);
  if (value instanceof Error) return copyError(value);
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (/^(Number|String|Boolean|BigInt)$/.test(tag)) return Object(value.valueOf()) as object;
  if (isForeign(tag)) throw cloning.refuse(`#<${tag}>`);
  return {};
}

/** What holds something that only the engine, or the platform, could copy. */
function isForeign(tag: string): boolean {
  const engine =
    /^(Symbol|Promise|Weak(Map|Set|Ref)|FinalizationRegistry|(Async)?Generator|.* Iterator|Iterator Helper)$/;
  const platform =
    /^(URL|URLSearchParams|Text(En|De)coder|Abort(Controller|Signal)|EventTarget|(Custom)?Event|(Subtle)?Crypto)$/;
  return engine.test(tag) || platform.test(tag);
}

function copyBuffer(buffer: ArrayBuffer, cloning: Cloning): ArrayBuffer {
  if (buffer.detached) throw cloning.refuse("An ArrayBuffer that was transferred");
  return buffer.slice(0);
}

/** Views of one buffer are views of one copy. */
function copyView(view: ArrayBufferView, cloning: Cloning): object {
  const buffer = cloneValue(view.buffer, cloning) as ArrayBuffer;
  const name =
    view instanceof DataView ? "DataView" : Object.prototype.toString.call(view).slice(8, -1);
  const type = Reflect.get(globalThis, name) as new (
    buffer: ArrayBuffer,
    offset: number,
    length: number,
  ) => object;
  const { length = view.byteLength } = view as { length?: number };
  return new type(buffer, view.byteOffset, length);
}

function copyError(error: Error): Error {
  const types = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  const type = types.find((one) => one.name === error.name) ?? Error;
  const copy = new type();
  for (const key of ["stack", "message"] as const) {
    const text = error[key];
    if (text !== undefined)
      Object.defineProperty(copy, key, { value: String(text), writable: true, configurable: true });
  }
  return copy;
}

function cloneCause(error: Error, copy: object, cloning: Cloning): void {
  if (!Object.hasOwn(error, "cause")) return;
  const value = cloneValue(error.cause, cloning);
  Object.defineProperty(copy, "cause", { value, writable: true, configurable: true });
}

function cloneMembers(value: object, copy: object, cloning: Cloning): void {
  if (Array.isArray(value)) (copy as unknown[]).length = value.length;
  for (const key of Object.keys(value))
    Object.defineProperty(copy, key, {
      value: cloneValue((value as Record<string, unknown>)[key], cloning),
      writable: true,
      enumerable: true,
      configurable: true,
    });
}

export const cloneFunctions = [
  createClone,
  cloneValue,
  isPlain,
  copyShell,
  isForeign,
  copyBuffer,
  copyView,
  copyError,
  cloneCause,
  cloneMembers,
];
