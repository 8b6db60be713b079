import { quoteKey } from "./shape-pool.ts";
import type { Kind, LazyShape, PropertyShape, Shape } from "./shape.ts";
import { NEVER, shapeOfKinds } from "./shape.ts";

// A literal larger than this says no more than its kind.
const MAX_LITERAL_DEPTH = 32;
const MAX_LITERAL_PARTS = 2_000;

/** The shape of one JSON value. */
export function literalShape(value: unknown): Shape {
  if (isSmall(value)) return shapeOfValue(value);
  const kind = kindOf(value);
  return { ...shapeOfKinds(new Set([kind])), lossy: new Set([kind]) };
}

/** The kind of a JSON value. */
export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  return type === "boolean" || type === "number" || type === "string" ? type : "object";
}

function shapeOfValue(value: unknown): Shape {
  if (value === null) return { ...NEVER, null: true };
  if (typeof value === "boolean") return { ...NEVER, booleans: [value] };
  if (typeof value === "number")
    return { ...NEVER, numbers: Number.isFinite(value) ? [value] : "any" };
  if (typeof value === "string") return { ...NEVER, strings: [value] };
  if (Array.isArray(value)) {
    const prefix = value.map(lazyLiteral);
    const { length } = prefix;
    return { ...NEVER, arrays: [{ prefix, rest: undefined, min: length, max: length }] };
  }
  if (typeof value !== "object") return NEVER;
  const properties = new Map<string, PropertyShape>();
  for (const [name, member] of Object.entries(value)) {
    properties.set(name, { shape: lazyLiteral(member), required: true });
  }
  const object = { properties, patterns: [], rest: undefined, restIsStated: true };
  return { ...NEVER, objects: [object] };
}

function lazyLiteral(value: unknown): LazyShape {
  return { key: `=${quoteKey(JSON.stringify(value) ?? "")}`, get: () => shapeOfValue(value) };
}

function isSmall(value: unknown): boolean {
  let parts = 0;
  const count = (inner: unknown, depth: number): boolean => {
    parts += 1;
    if (depth > MAX_LITERAL_DEPTH || parts > MAX_LITERAL_PARTS) return false;
    if (typeof inner === "bigint") return false;
    if (typeof inner !== "object" || inner === null) return true;
    return Object.values(inner).every((member) => count(member, depth + 1));
  };
  return count(value, 0);
}
