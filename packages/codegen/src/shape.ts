/** The six kinds of JSON value. */
export type Kind = "null" | "boolean" | "number" | "string" | "array" | "object";

export const KINDS: readonly Kind[] = ["null", "boolean", "number", "string", "array", "object"];

/** A shape that is worked out when it is needed. Equal keys mean equal shapes, so recursion is seen. */
export interface LazyShape {
  readonly key: string;
  readonly get: () => Shape;
  /** Where shapes made of this one are kept. */
  readonly pool?: ShapePool;
}

/** Keeps the shapes of one document and bounds the work they make. */
export interface ShapePool {
  /** The shape of that key, made now if there is none yet. */
  make(key: string, compute: () => Shape): LazyShape;
  /** Whether the work was too much: what came later is the widest shape. */
  isExhausted(): boolean;
}

/** A literal, or a template such as `x-${string}` where `template` is set. */
export type StringChoice = string | { readonly template: string };

/** Arrays of one form. Positions after `prefix` are `rest`; `undefined` means there are none. */
export interface ArrayShape {
  readonly prefix: readonly LazyShape[];
  readonly rest: LazyShape | undefined;
  readonly min: number;
  readonly max: number;
}

/** One known property. */
export interface PropertyShape {
  readonly shape: LazyShape;
  readonly required: boolean;
  /** Texts of the schema, for doc comments and optional arguments. */
  readonly source?: { readonly [keyword: string]: unknown };
}

/** Objects of one form. Other properties are `rest`; `undefined` means there are none. */
export interface ObjectShape {
  readonly properties: ReadonlyMap<string, PropertyShape>;
  readonly patterns: readonly PatternShape[];
  readonly rest: LazyShape | undefined;
  /** Whether `rest` was written down, not merely left open. */
  readonly restIsStated: boolean;
}

/** Properties whose names match. */
export interface PatternShape {
  readonly pattern: string;
  readonly shape: LazyShape;
}

/**
 * The values a schema admits, kind by kind. It may admit more than the schema does (never less);
 * the kinds where it does so are `lossy`, and nothing may be subtracted by them.
 */
export interface Shape {
  readonly null: boolean;
  readonly booleans: readonly boolean[];
  readonly numbers: readonly number[] | "any";
  readonly strings: readonly StringChoice[] | "any";
  readonly arrays: readonly ArrayShape[];
  readonly objects: readonly ObjectShape[];
  readonly lossy: ReadonlySet<Kind>;
}

const NOT_LOSSY: ReadonlySet<Kind> = new Set();

/** Admits nothing. */
export const NEVER: Shape = {
  null: false,
  booleans: [],
  numbers: [],
  strings: [],
  arrays: [],
  objects: [],
  lossy: NOT_LOSSY,
};

/** Admits everything. */
export const UNKNOWN: LazyShape = { key: "unknown", get: () => ANY };

/** Stands for what is not known: it may be anything, so nothing may be subtracted by it. */
export const WIDEST: LazyShape = {
  key: "widest",
  get: () => ({ ...ANY, lossy: new Set(KINDS) }),
};

/** Admits nothing. */
export const NOTHING: LazyShape = { key: "never", get: () => NEVER };

export const ANY_ARRAY: ArrayShape = { prefix: [], rest: UNKNOWN, min: 0, max: Infinity };

export const ANY_OBJECT: ObjectShape = {
  properties: new Map(),
  patterns: [],
  rest: UNKNOWN,
  restIsStated: false,
};

const ANY: Shape = {
  null: true,
  booleans: [true, false],
  numbers: "any",
  strings: "any",
  arrays: [ANY_ARRAY],
  objects: [ANY_OBJECT],
  lossy: NOT_LOSSY,
};

/** Only these kinds, each in full. */
export function shapeOfKinds(kinds: ReadonlySet<Kind>): Shape {
  return {
    null: kinds.has("null"),
    booleans: kinds.has("boolean") ? ANY.booleans : [],
    numbers: kinds.has("number") ? "any" : [],
    strings: kinds.has("string") ? "any" : [],
    arrays: kinds.has("array") ? [ANY_ARRAY] : [],
    objects: kinds.has("object") ? [ANY_OBJECT] : [],
    lossy: NOT_LOSSY,
  };
}

export function isAnyObject(shape: ObjectShape): boolean {
  return (
    shape.properties.size === 0 && shape.patterns.length === 0 && shape.rest?.key === "unknown"
  );
}

export function isAnyArray(shape: ArrayShape): boolean {
  return (
    shape.prefix.length === 0 &&
    shape.rest?.key === "unknown" &&
    shape.min === 0 &&
    shape.max === Infinity
  );
}

/** How much of a kind is admitted. */
export function extentOf(shape: Shape, kind: Kind): "none" | "some" | "all" {
  switch (kind) {
    case "null":
      return shape.null ? "all" : "none";
    case "boolean":
      return shape.booleans.length === 0 ? "none" : shape.booleans.length === 2 ? "all" : "some";
    case "number":
      return shape.numbers === "any" ? "all" : shape.numbers.length === 0 ? "none" : "some";
    case "string":
      return shape.strings === "any" ? "all" : shape.strings.length === 0 ? "none" : "some";
    case "array":
      return shape.arrays.length === 0 ? "none" : shape.arrays.some(isAnyArray) ? "all" : "some";
    default:
      return shape.objects.length === 0 ? "none" : shape.objects.some(isAnyObject) ? "all" : "some";
  }
}

export function isNever(shape: Shape): boolean {
  return KINDS.every((kind) => extentOf(shape, kind) === "none");
}

/** Whether a lazy shape admits nothing; one that is still being worked out is taken to admit something. */
export function isLazyNever(shape: LazyShape): boolean {
  return isNever(shape.get());
}

export function isUnknown(shape: Shape): boolean {
  return KINDS.every((kind) => extentOf(shape, kind) === "all");
}
