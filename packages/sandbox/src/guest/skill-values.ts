import type { GuestRealm } from "./guest-realm.ts";

/** The keywords that are looked at; whatever else a schema says is left to the function. */
interface ValueSchema {
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly anyOf?: unknown;
  readonly oneOf?: unknown;
  readonly allOf?: unknown;
  readonly required?: unknown;
  readonly properties?: unknown;
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
  readonly prefixItems?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
  readonly minItems?: unknown;
  readonly maxItems?: unknown;
}

/** A value, and what it is called in messages. */
export interface CheckedValue {
  readonly value: unknown;
  /** Empty of all arguments together. */
  readonly place: string;
  readonly depth: number;
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The first thing that does not fit, in words; empty where all fits. What is no JSON fits always. */
function wrongValue(realm: GuestRealm, given: unknown, checked: CheckedValue): string {
  const { value, place, depth } = checked;
  const isOther = typeof value === "object" && value !== null && !Array.isArray(value);
  if (typeof given !== "object" || given === null || depth > 20) return "";
  if (isOther && !isPlainObject(value)) return "";
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint")
    return "";
  const schema = given as ValueSchema;
  if (!isExpected(schema, value)) return mismatch(realm, schema, checked);
  const inner = wrongChoice(realm, schema, checked) || wrongSize(schema, checked);
  if (inner !== "") return inner;
  if (Array.isArray(value)) return wrongItem(realm, schema, checked);
  return isOther ? wrongMember(realm, schema, { value, place, depth }) : "";
}

function mismatch(realm: GuestRealm, schema: ValueSchema, { value, place }: CheckedValue): string {
  const what = place === "" ? "the arguments" : place;
  return `${what} must be ${expected(realm, schema)}, not ${shown(realm, value)}`;
}

function isExpected(schema: ValueSchema, value: unknown): boolean {
  const { type, enum: values } = schema;
  const isPrimitive = typeof value !== "object" || value === null;
  if ("const" in schema && (isPrimitive || typeof schema.const !== "object"))
    if (value !== schema.const) return false;
  if (Array.isArray(values)) {
    let isAny = false;
    for (let index = 0; index < values.length; index += 1) {
      const one: unknown = values[index];
      if (one === value || (typeof one === "object" && one !== null && !isPrimitive)) isAny = true;
    }
    if (!isAny) return false;
  }
  if (typeof type === "string") return isOfType(type, value);
  if (!Array.isArray(type)) return true;
  for (let index = 0; index < type.length; index += 1)
    if (isOfType(String(type[index]), value)) return true;
  return false;
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return typeof value === "number" && value % 1 === 0;
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      return true;
  }
}

function wrongChoice(realm: GuestRealm, schema: ValueSchema, checked: CheckedValue): string {
  const inner = { ...checked, depth: checked.depth + 1 };
  const all = Array.isArray(schema.allOf) ? (schema.allOf as readonly unknown[]) : [];
  for (let index = 0; index < all.length; index += 1) {
    const problem = wrongValue(realm, all[index], inner);
    if (problem !== "") return problem;
  }
  const any: unknown = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(any) || any.length === 0) return "";
  let nearest = "";
  for (let index = 0; index < any.length; index += 1) {
    const problem = wrongValue(realm, any[index], inner);
    if (problem === "") return "";
    // What is of the right kind says best what is wrong inside.
    if (isExpected(any[index] as ValueSchema, checked.value)) nearest = problem;
  }
  return nearest || mismatch(realm, schema, checked);
}

function wrongSize(schema: ValueSchema, { value, place }: CheckedValue): string {
  const size =
    typeof value === "number"
      ? value
      : typeof value === "string" || Array.isArray(value)
        ? value.length
        : undefined;
  if (size === undefined) return "";
  const [min, max, unit] =
    typeof value === "number"
      ? [schema.minimum, schema.maximum, ""]
      : typeof value === "string"
        ? [schema.minLength, schema.maxLength, " characters"]
        : [schema.minItems, schema.maxItems, " items"];
  const what = unit === "" ? "be" : "have";
  if (typeof min === "number" && size < min)
    return `${place} must ${what} at least ${min}${unit}, not ${size}`;
  if (typeof max === "number" && size > max)
    return `${place} must ${what} at most ${max}${unit}, not ${size}`;
  return "";
}

function wrongItem(
  realm: GuestRealm,
  { items, prefixItems }: ValueSchema,
  { value, place, depth }: CheckedValue,
): string {
  const list = value as readonly unknown[];
  const first = Array.isArray(prefixItems) ? (prefixItems as readonly unknown[]) : [];
  // What is wrong with a list is mostly wrong with its beginning.
  for (let index = 0; index < list.length && index < 1_000; index += 1) {
    const schema = index < first.length ? first[index] : items;
    const item = { value: list[index], place: `${place}[${index}]`, depth: depth + 1 };
    const problem = list[index] === undefined ? "" : wrongValue(realm, schema, item);
    if (problem !== "") return problem;
  }
  return "";
}

function wrongMember(
  realm: GuestRealm,
  { required, properties, additionalProperties: others }: ValueSchema,
  { value, place, depth }: CheckedValue & { readonly value: object },
): string {
  const members = value as Readonly<Record<string, unknown>>;
  const known = (properties ?? {}) as Readonly<Record<string, unknown>>;
  const prefix = place === "" ? "" : `${place}.`;
  const needed = Array.isArray(required) ? (required as readonly unknown[]) : [];
  for (let index = 0; index < needed.length; index += 1) {
    const name = String(needed[index]);
    if (members[name] === undefined) return `${prefix}${name} is missing`;
  }
  const names = realm.keysOf(members);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    const isKnown = Object.hasOwn(known, name);
    if (members[name] === undefined) continue;
    if (!isKnown && others === false) return `there is no ${realm.quote(`${prefix}${name}`)}`;
    const member = { value: members[name], place: `${prefix}${name}`, depth: depth + 1 };
    const problem = wrongValue(realm, isKnown ? known[name] : others, member);
    if (problem !== "") return problem;
  }
  return "";
}

/** What a schema asks for: `string`, `"a" or "b"`, `number or null`. */
function expected(realm: GuestRealm, schema: ValueSchema): string {
  const { type, enum: values, anyOf = schema.oneOf } = schema;
  const parts: string[] = [];
  if ("const" in schema) parts[0] = realm.quote(schema.const as string);
  else if (Array.isArray(values))
    for (let index = 0; index < values.length && index < 20; index += 1)
      parts[index] = realm.quote(values[index] as string);
  else if (Array.isArray(type))
    for (let index = 0; index < type.length; index += 1) parts[index] = String(type[index]);
  else if (typeof type === "string") parts[0] = type;
  else if (Array.isArray(anyOf))
    for (let index = 0; index < anyOf.length && index < 20; index += 1)
      parts[index] = expected(realm, anyOf[index] as ValueSchema);
  let text = "";
  for (let index = 0; index < parts.length; index += 1)
    text += `${index === 0 ? "" : " or "}${parts[index]}`;
  return text || "something else";
}

function shown(realm: GuestRealm, value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value !== "string") return `the ${typeof value} ${String(value)}`;
  const text = value.length > 40 ? `${realm.slice(value, 0, 40)}...` : value;
  return `the string ${realm.quote(text)}`;
}

export const skillValueFunctions = [
  isPlainObject,
  wrongValue,
  mismatch,
  isExpected,
  isOfType,
  wrongChoice,
  wrongSize,
  wrongItem,
  wrongMember,
  expected,
  shown,
];
