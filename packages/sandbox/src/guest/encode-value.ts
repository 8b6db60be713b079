import type { EncoderTools } from "./encoder-tools.ts";
import type { EncodeOptions, GuestRealm } from "./guest-realm.ts";

declare function captureEncoderTools(realm: GuestRealm): EncoderTools;

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
  const tools = captureEncoderTools(realm);
  const { quote } = realm;
  realm.encode = (value, options) => {
    const parents = { __proto__: null } as unknown as Encoding["parents"];
    const run: Encoding = { options, tools, quote, realm, parents, depth: 0, length: 0 };
    return encodeAny(run, value, options.root) ?? "";
  };
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
  const date = tag === "[object Date]" ? tools.toIso(value) : undefined;
  if (date !== undefined) return encodePrimitive(run, date, path);
  if (hasOwnToJson(tools, value)) {
    return encodeAny(run, (value as { toJSON: (key: string) => unknown }).toJSON(""), path);
  }
  if (tools.isArray(value)) return encodeList(run, value as unknown[], path);
  const special = tag === "[object Object]" ? undefined : encodeSpecial(run, value, { tag, path });
  return special ?? `{${encodeMembers(run, value, path)}}`;
}

/** What is more than its members; `undefined` for what only calls itself so. */
function encodeSpecial(
  run: Encoding,
  value: object,
  { tag, path }: { readonly tag: string; readonly path: string },
): string | undefined {
  const { tools } = run;
  if (tag === "[object Error]") return encodeError(run, value, path);
  const boxed = tools.unbox(value, tag);
  if (boxed !== undefined) return encodePrimitive(run, boxed, path);
  const what = tools.isView(value) ? "binary data" : collectionName(tag);
  const items = what === undefined ? undefined : tools.itemsOf(value, tag);
  if (what !== undefined && items) {
    noteConversion(run, path, [what, "an array"]);
    return encodeList(run, items, path);
  }
  const pattern = tag === "[object RegExp]" ? tools.patternOf(value) : undefined;
  if (pattern !== undefined) {
    noteConversion(run, path, ["a regular expression", "its text"]);
    return encodePrimitive(run, pattern, path);
  }
  if (tag === "[object Promise]") {
    noteConversion(run, path, ["a Promise that was not awaited", "null"]);
    return countText(run, "null");
  }
  const hidden = hiddenName(tag);
  if (hidden !== undefined) noteConversion(run, path, [hidden, "an object of its own members"]);
  return undefined;
}

function collectionName(tag: string): string | undefined {
  if (tag === "[object Map]") return "a Map";
  if (tag === "[object Set]") return "a Set";
  return tag === "[object ArrayBuffer]" ? "binary data" : undefined;
}

/** What holds something that no member shows. */
function hiddenName(tag: string): string | undefined {
  switch (tag) {
    case "[object WeakMap]":
    case "[object WeakSet]":
    case "[object WeakRef]":
      return "a weak collection";
    case "[object Generator]":
    case "[object AsyncGenerator]":
    case "[object Map Iterator]":
    case "[object Set Iterator]":
    case "[object Array Iterator]":
    case "[object String Iterator]":
    case "[object Iterator Helper]":
      return "an iterator, which can be spread into an array";
    default:
      return undefined;
  }
}

function encodeError(run: Encoding, value: object, path: string): string | undefined {
  if (!run.tools.isError(value)) return undefined;
  noteConversion(run, path, ["an Error", "an object"]);
  const { name, message } = value as Error;
  const own = encodeMembers(run, value, path);
  const head = `"name":${run.quote(String(name))},"message":${run.quote(String(message))}`;
  return `{${head}${own === "" ? "" : ","}${own}}`;
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
  const keys = run.realm.keysOf(value);
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
  // By place: a program can replace the iterator of arrays.
  const what = change[0];
  const kept = change[1];
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

/** Its name is a member of its own, whatever is done to `Error.prototype`. */
class NamedError extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

function namedError(name: string, message: string): Error {
  return new NamedError(name, message);
}

export const encoderFunctions = [
  installEncoder,
  encodeAny,
  encodePrimitive,
  encodeObject,
  encodeSpecial,
  collectionName,
  hiddenName,
  encodeError,
  hasOwnToJson,
  encodeList,
  encodeMembers,
  readMember,
  countText,
  noteConversion,
  notJson,
  NamedError,
  namedError,
];
