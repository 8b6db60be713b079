import type { EncodeOptions, GuestRealm } from "./guest-realm.ts";

/** The built-ins that the encoder uses, taken before any program ran. */
interface EncoderTools {
  readonly isArray: (value: unknown) => boolean;
  readonly ownKeys: (value: object) => string[];
  readonly hasOwn: (value: object, key: string) => boolean;
  readonly getPrototype: (value: unknown) => unknown;
  readonly objectPrototype: unknown;
  readonly arrayPrototype: unknown;
  readonly isView: (value: unknown) => boolean;
  readonly tagOf: (value: unknown) => string;
  readonly toIso: (value: unknown) => string;
  readonly itemsOf: (value: unknown, tag: string) => unknown[];
}

/** One value's encoding: how deep it is, what it is inside of, and how long it has become. */
interface Encoding {
  readonly options: EncodeOptions;
  readonly tools: EncoderTools;
  readonly quote: (text: string) => string;
  readonly realm: GuestRealm;
  /** By depth; see `GuestRealm.warnings` for why it is no array. */
  readonly parents: Record<number, unknown>;
  depth: number;
  length: number;
}

/** Turns values into JSON text by hand, so that nothing a program changed is asked. */
function installEncoder(realm: GuestRealm): void {
  const tools = captureEncoderTools();
  const { quote } = realm;
  realm.encode = (value, options) => {
    const parents = { __proto__: null } as unknown as Encoding["parents"];
    const run: Encoding = { options, tools, quote, realm, parents, depth: 0, length: 0 };
    return encodeAny(run, value, options.root) ?? "";
  };
}

function captureEncoderTools(): EncoderTools {
  const uncurry = (method: unknown): ((value: unknown) => never) =>
    Function.prototype.call.bind(method as () => unknown) as never;
  const nextOf = (iterator: object): ((value: unknown) => never) =>
    uncurry((Object.getPrototypeOf(iterator) as { next: unknown }).next);
  const mapEntries = uncurry(Map.prototype.entries);
  const setValues = uncurry(Set.prototype.values);
  const nextEntry = nextOf(new Map().entries());
  const nextValue = nextOf(new Set().values());
  const arrayFrom = Array.from;
  return {
    isArray: Array.isArray,
    ownKeys: Object.keys,
    hasOwn: Object.hasOwn,
    getPrototype: Object.getPrototypeOf,
    objectPrototype: Object.prototype,
    arrayPrototype: Array.prototype,
    isView: ArrayBuffer.isView,
    tagOf: uncurry(Object.prototype.toString),
    toIso: uncurry(Date.prototype.toISOString),
    itemsOf(value, tag) {
      if (tag === "[object Map]") return drainIterator(mapEntries(value), nextEntry);
      if (tag === "[object Set]") return drainIterator(setValues(value), nextValue);
      return arrayFrom(value as ArrayLike<unknown>);
    },
  };
}

function drainIterator(
  iterator: unknown,
  next: (iterator: unknown) => IteratorResult<unknown>,
): unknown[] {
  const items: unknown[] = [];
  let count = 0;
  for (let item = next(iterator); !item.done; item = next(iterator)) {
    // Defined, not assigned: a setter on the prototype would take it.
    const property = {
      __proto__: null,
      value: item.value,
      writable: true,
      configurable: true,
      enumerable: true,
    };
    Object.defineProperty(items, count, property);
    count += 1;
  }
  return items;
}

/** `undefined` for what JSON leaves out. */
function encodeAny(run: Encoding, value: unknown, path: string): string | undefined {
  if (value === undefined) return undefined;
  const simple = encodePrimitive(run, value, path);
  if (simple !== undefined) return simple;
  const { depth } = run;
  if (typeof value !== "object" || value === null) {
    if (depth === 0 || run.options.strict) throw notJson(path, `a ${typeof value}`);
    noteConversion(run, path, [`a ${typeof value}`, "nothing"]);
    return undefined;
  }
  for (let up = 0; up < depth; up += 1) {
    if (run.parents[up] === value) throw notJson(path, "a part of itself (a cycle)");
  }
  if (depth >= 1_000) throw notJson(path, "nested over 1,000 levels deep");
  run.parents[depth] = value;
  run.depth = depth + 1;
  const text = encodeObject(run, value, path);
  run.depth = depth;
  return text;
}

function encodePrimitive(run: Encoding, value: unknown, path: string): string | undefined {
  if (value === null) return countText(run, "null");
  if (typeof value === "string") return countText(run, run.quote(value));
  if (typeof value === "boolean") return countText(run, value ? "true" : "false");
  if (typeof value === "number") {
    if (value - value === 0) return countText(run, `${value}`);
    noteConversion(run, path, [`${value}`, `the text "${value}"`]);
    return countText(run, `"${value}"`);
  }
  if (typeof value !== "bigint") return undefined;
  noteConversion(run, path, ["a big integer", "decimal text"]);
  return countText(run, `"${value}"`);
}

function encodeObject(run: Encoding, value: object, path: string): string | undefined {
  const { tools } = run;
  const tag = tools.tagOf(value);
  if (tag === "[object Date]") {
    const time = Number(value);
    return encodePrimitive(run, time - time === 0 ? tools.toIso(value) : null, path);
  }
  if (hasOwnToJson(tools, value)) {
    return encodeAny(run, (value as { toJSON: (key: string) => unknown }).toJSON(""), path);
  }
  const boxed = unbox(value, tag);
  if (boxed !== undefined) return encodePrimitive(run, boxed, path);
  if (tools.isArray(value)) return encodeList(run, value as unknown[], path);
  if (tag === "[object Map]" || tag === "[object Set]" || tools.isView(value)) {
    const what =
      tag === "[object Map]" ? "a Map" : tag === "[object Set]" ? "a Set" : "binary data";
    noteConversion(run, path, [what, "an array"]);
    return encodeList(run, tools.itemsOf(value, tag), path);
  }
  if (tag !== "[object Error]") return `{${encodeMembers(run, value, path)}}`;
  noteConversion(run, path, ["an Error", "an object"]);
  const { name, message } = value as Error;
  const own = encodeMembers(run, value, path);
  const head = `"name":${run.quote(String(name))},"message":${run.quote(String(message))}`;
  return `{${head}${own === "" ? "" : ","}${own}}`;
}

function unbox(value: unknown, tag: string): unknown {
  if (tag === "[object Number]") return Number(value);
  if (tag === "[object String]") return String(value);
  if (tag === "[object Boolean]") return String(value) === "true";
  return undefined;
}

/** Whether the value brings a `toJSON` of its own, not one put on the prototype of everything. */
function hasOwnToJson(tools: EncoderTools, value: object): boolean {
  let holder: unknown = value;
  for (let up = 0; up < 100; up += 1) {
    if (typeof holder !== "object" || holder === null) return false;
    if (holder === tools.objectPrototype || holder === tools.arrayPrototype) return false;
    if (tools.hasOwn(holder, "toJSON"))
      return typeof (value as { toJSON?: unknown }).toJSON === "function";
    holder = tools.getPrototype(holder);
  }
  return false;
}

function encodeList(run: Encoding, list: unknown[], path: string): string {
  let text = "";
  const { length } = list;
  for (let index = 0; index < length; index += 1) {
    const item = encodeAny(run, list[index], `${path}[${index}]`) ?? countText(run, "null");
    text += index === 0 ? item : `,${item}`;
  }
  return `[${text}]`;
}

function encodeMembers(run: Encoding, value: object, path: string): string {
  let text = "";
  const keys = run.tools.ownKeys(value);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    const place = `${path}.${key}`;
    const member = encodeAny(run, readMember(value, key, place), place);
    if (member !== undefined)
      text += `${text === "" ? "" : ","}${countText(run, run.quote(key))}:${member}`;
  }
  return text;
}

function readMember(value: object, key: string, path: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    let reason = "";
    try {
      reason = String((error as Error).message);
    } catch {
      // What cannot be read has no reason that could be given.
    }
    throw notJson(path, `a getter that throws (${reason})`);
  }
}

function countText(run: Encoding, text: string): string {
  run.length += text.length + 1;
  if (run.length > run.options.maxLength) throw namedError("TooLarge", "too large");
  return text;
}

function noteConversion(
  run: Encoding,
  path: string,
  change: readonly [from: string, to: string],
): void {
  const [what, kept] = change;
  if (run.options.strict) throw notJson(path, what);
  const { realm } = run;
  const count = realm.warningCount;
  if (count > 20) return;
  realm.warnings[count] =
    count === 20 ? "More values were converted." : `${path} is ${what}; it is given as ${kept}.`;
  realm.warningCount = count + 1;
}

function notJson(path: string, what: string): Error {
  return namedError("NotJson", `${path} is ${what}, which JSON cannot carry.`);
}

function namedError(name: string, message: string): Error {
  const error = new Error(message);
  Object.defineProperty(error, "name", { __proto__: null, value: name } as PropertyDescriptor);
  return error;
}

export const encoderFunctions = [
  installEncoder,
  captureEncoderTools,
  drainIterator,
  encodeAny,
  encodePrimitive,
  encodeObject,
  unbox,
  hasOwnToJson,
  encodeList,
  encodeMembers,
  readMember,
  countText,
  noteConversion,
  notJson,
  namedError,
];
