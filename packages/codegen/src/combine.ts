import { matchesPattern, templateOf } from "./key-pattern.ts";
import type {
  ArrayShape,
  Kind,
  LazyShape,
  ObjectShape,
  PropertyShape,
  Shape,
  StringChoice,
} from "./shape.ts";
import {
  ANY_ARRAY,
  ANY_OBJECT,
  extentOf,
  isAnyArray,
  isAnyObject,
  isNever,
  KINDS,
  NEVER,
  shapeOfKinds,
  UNKNOWN,
} from "./shape.ts";

// Alternatives of one kind; beyond, a wider shape stands for them.
const MAX_ALTERNATIVES = 48;

/** What both admit. */
export function meet(a: Shape, b: Shape): Shape {
  return {
    null: a.null && b.null,
    booleans: a.booleans.filter((value) => b.booleans.includes(value)),
    numbers: meetNumbers(a.numbers, b.numbers),
    strings: meetStrings(a.strings, b.strings),
    arrays: cross(a.arrays, b.arrays, meetArrays),
    objects: cross(a.objects, b.objects, meetObjects),
    lossy: union(a.lossy, b.lossy),
  };
}

/** What either admits. */
export function join(a: Shape, b: Shape): Shape {
  return {
    null: a.null || b.null,
    booleans: [...new Set([...a.booleans, ...b.booleans])],
    numbers:
      a.numbers === "any" || b.numbers === "any"
        ? "any"
        : [...new Set([...a.numbers, ...b.numbers])],
    strings:
      a.strings === "any" || b.strings === "any"
        ? "any"
        : uniqueStrings([...a.strings, ...b.strings]),
    arrays: joinArrays([...a.arrays, ...b.arrays]),
    objects: joinObjects([...a.objects, ...b.objects]),
    lossy: union(a.lossy, b.lossy),
  };
}

/** At least what the shape does not admit. Kinds whose borders are not exact are kept whole. */
export function complement(shape: Shape): Shape {
  const kept = new Set<Kind>();
  for (const kind of KINDS) {
    const extent = extentOf(shape, kind);
    if (extent === "none" || shape.lossy.has(kind)) kept.add(kind);
    else if (extent === "some" && kind !== "boolean" && kind !== "object") kept.add(kind);
  }
  const rest = shapeOfKinds(kept);
  const objects =
    kept.has("object") || extentOf(shape, "object") === "all"
      ? rest.objects
      : shape.objects.map(complementObject).reduce((a, b) => cross(a, b, meetObjects));
  const booleans = shape.lossy.has("boolean")
    ? rest.booleans
    : [true, false].filter((value) => !shape.booleans.includes(value));
  // Literals that were not subtracted make the result wider than the truth.
  const lossy = new Set(
    KINDS.filter((kind) => extentOf(shape, kind) === "some" && kind !== "boolean"),
  );
  return { ...rest, booleans, objects, lossy: union(lossy, shape.lossy) };
}

/** Objects that break at least one of the form's rules. */
function complementObject(shape: ObjectShape): readonly ObjectShape[] {
  const broken: ObjectShape[] = [];
  if (shape.patterns.length > 0 || shape.rest?.key !== "unknown") return [ANY_OBJECT];
  for (const [name, property] of shape.properties) {
    if (property.required) broken.push(withProperty(name, { shape: NOTHING, required: false }));
    if (property.shape.key !== "unknown") {
      broken.push(withProperty(name, { shape: complementLazy(property.shape), required: true }));
    }
  }
  return broken.filter((object) => !isImpossible(object));
}

function withProperty(name: string, property: PropertyShape): ObjectShape {
  return { ...ANY_OBJECT, properties: new Map([[name, property]]) };
}

const NOTHING: LazyShape = { key: "never", get: () => NEVER };

/** Whether a lazy shape admits nothing; one that is still being worked out is taken to admit something. */
export function isLazyNever(shape: LazyShape): boolean {
  return isNever(shape.get());
}

export function meetLazy(a: LazyShape, b: LazyShape): LazyShape {
  if (a.key === b.key || b.key === "unknown") return a;
  if (a.key === "unknown") return b;
  const parts = [...new Set([...a.key.split("&"), ...b.key.split("&")])].toSorted();
  return lazy(parts.join("&"), () => meet(a.get(), b.get()));
}

export function complementLazy(shape: LazyShape): LazyShape {
  // Doubts about doubts do not end.
  if (shape.key.startsWith("!!")) return UNKNOWN;
  return lazy(`!${shape.key.replaceAll("&", "+")}`, () => complement(shape.get()));
}

/** Works a shape out once. One that is asked for while it is worked out is unknown. */
export function lazy(key: string, make: () => Shape): LazyShape {
  let made: Shape | undefined;
  let making = false;
  return {
    key,
    get() {
      if (made) return made;
      if (making) return UNKNOWN.get();
      making = true;
      try {
        made = make();
      } finally {
        making = false;
      }
      return made;
    },
  };
}

function meetNumbers(a: Shape["numbers"], b: Shape["numbers"]): Shape["numbers"] {
  if (a === "any") return b;
  return b === "any" ? a : a.filter((value) => b.includes(value));
}

function meetStrings(a: Shape["strings"], b: Shape["strings"]): Shape["strings"] {
  if (a === "any") return b;
  if (b === "any") return a;
  const literals = [...a, ...b].filter(
    (value) => typeof value === "string" && isAmong(value, a) && isAmong(value, b),
  );
  const templates = a.filter(
    (value) =>
      typeof value !== "string" &&
      b.some((other) => typeof other !== "string" && other.template === value.template),
  );
  // Two different templates: one of them stands for both.
  const both =
    a.some((value) => typeof value !== "string") && b.some((value) => typeof value !== "string");
  if (both && templates.length === 0)
    return uniqueStrings([...literals, ...a.filter((value) => typeof value !== "string")]);
  return uniqueStrings([...literals, ...templates]);
}

function isAmong(text: string, choices: readonly StringChoice[]): boolean {
  return choices.some((choice) =>
    typeof choice === "string" ? choice === text : matchesTemplate(text, choice.template),
  );
}

function matchesTemplate(text: string, template: string): boolean {
  const [start = "", end = ""] = template.split("${string}");
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function uniqueStrings(values: readonly StringChoice[]): readonly StringChoice[] {
  const byText = new Map(
    values.map((value) => [typeof value === "string" ? `=${value}` : value.template, value]),
  );
  return [...byText.values()];
}

/** Every pair that is possible; too many are widened to the first side, which admits them all. */
function cross<Form>(
  a: readonly Form[],
  b: readonly Form[],
  combine: (one: Form, other: Form) => Form | undefined,
): readonly Form[] {
  if (b.length === 0) return b;
  if (a.length * b.length > MAX_ALTERNATIVES) return a;
  return a.flatMap((one) => b.flatMap((other) => combine(one, other) ?? []));
}

function meetArrays(a: ArrayShape, b: ArrayShape): ArrayShape | undefined {
  if (isAnyArray(b)) return a;
  if (isAnyArray(a)) return b;
  const prefix: LazyShape[] = [];
  let max = Math.min(a.max, b.max);
  for (let index = 0; index < Math.max(a.prefix.length, b.prefix.length); index += 1) {
    const one = a.prefix[index] ?? a.rest;
    const other = b.prefix[index] ?? b.rest;
    if (!one || !other) {
      max = Math.min(max, index);
      break;
    }
    prefix.push(meetLazy(one, other));
  }
  const rest = a.rest && b.rest && meetLazy(a.rest, b.rest);
  const min = Math.max(a.min, b.min);
  return min > max ? undefined : { prefix: prefix.slice(0, max), rest, min, max };
}

function meetObjects(a: ObjectShape, b: ObjectShape): ObjectShape | undefined {
  if (isAnyObject(b)) return a;
  if (isAnyObject(a)) return b;
  const properties = new Map<string, PropertyShape>();
  for (const name of [...a.properties.keys(), ...b.properties.keys()]) {
    const shape = meetOptional(shapeOfProperty(a, name), shapeOfProperty(b, name));
    const one = a.properties.get(name);
    const other = b.properties.get(name);
    const required = (one?.required ?? false) || (other?.required ?? false);
    const source = one?.source ?? other?.source;
    properties.set(name, { shape, required, ...(source ? { source } : {}) });
  }
  const object: ObjectShape = {
    properties,
    patterns: [
      ...a.patterns,
      ...b.patterns.filter(
        ({ pattern, shape }) =>
          !a.patterns.some((own) => own.pattern === pattern && own.shape.key === shape.key),
      ),
    ],
    rest: a.rest && b.rest && meetLazy(a.rest, b.rest),
    restIsStated: a.restIsStated || b.restIsStated,
  };
  return isImpossible(object) ? undefined : object;
}

function meetOptional(a: LazyShape | undefined, b: LazyShape | undefined): LazyShape {
  return a && b ? meetLazy(a, b) : NOTHING;
}

/** What an object's form says of one property: its own rule, those of matching patterns, or `rest`. */
export function shapeOfProperty(object: ObjectShape, name: string): LazyShape | undefined {
  const own = object.properties.get(name);
  if (own) return own.shape;
  const matching = object.patterns.filter(({ pattern }) => matchesPattern(name, pattern) !== false);
  if (matching.length === 0) return object.rest;
  // A pattern we cannot judge may or may not apply.
  if (matching.some(({ pattern }) => matchesPattern(name, pattern) === undefined)) return UNKNOWN;
  return matching.map(({ shape }) => shape).reduce(meetLazy);
}

function isImpossible({ properties }: ObjectShape): boolean {
  return [...properties.values()].some(({ required, shape }) => required && isLazyNever(shape));
}

function joinArrays(arrays: readonly ArrayShape[]): readonly ArrayShape[] {
  if (arrays.some(isAnyArray) || arrays.length > MAX_ALTERNATIVES) return [ANY_ARRAY];
  return unique(arrays, ({ prefix, rest, min, max }) => [
    prefix.map(({ key }) => key),
    rest?.key,
    min,
    String(max),
  ]);
}

function joinObjects(objects: readonly ObjectShape[]): readonly ObjectShape[] {
  if (objects.some(isAnyObject) || objects.length > MAX_ALTERNATIVES) return [ANY_OBJECT];
  return unique(objects, ({ properties, patterns, rest }) => [
    [...properties].map(([name, { shape, required }]) => `${name} ${shape.key} ${required}`),
    patterns.map(({ pattern, shape }) => [pattern, shape.key]),
    rest?.key,
  ]);
}

function unique<Form>(forms: readonly Form[], identity: (form: Form) => unknown): readonly Form[] {
  const byIdentity = new Map(forms.map((form) => [JSON.stringify(identity(form)), form]));
  return [...byIdentity.values()];
}

function union(a: ReadonlySet<Kind>, b: ReadonlySet<Kind>): ReadonlySet<Kind> {
  return b.size === 0 ? a : a.union(b);
}

/** Strings that match a pattern, as far as a template type can say it. */
export function patternShape(pattern: string): {
  readonly strings: Shape["strings"];
  readonly exact: boolean;
} {
  const template = templateOf(pattern);
  if (template === undefined) return { strings: "any", exact: false };
  return { strings: [template.includes("${string}") ? { template } : template], exact: true };
}
