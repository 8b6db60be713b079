import { areDisjoint, matchesPattern, matchesTemplate } from "./key-pattern.ts";
import { createShapePool } from "./shape-pool.ts";
import type {
  ArrayShape,
  Kind,
  LazyShape,
  ObjectShape,
  PropertyShape,
  Shape,
  StringChoice,
} from "./shape.ts";
import { isAnyArray, isAnyObject, isLazyNever, NOTHING, UNKNOWN, WIDEST } from "./shape.ts";

/** Alternatives of one kind; beyond, a wider shape stands for them. */
export const MAX_ALTERNATIVES = 48;

/** What both admit. */
export function meet(a: Shape, b: Shape): Shape {
  const arrays = cross(a.arrays, b.arrays, meetArrays);
  const objects = cross(a.objects, b.objects, meetObjects);
  const cut = new Set<Kind>();
  if (arrays.isCut) cut.add("array");
  if (objects.isCut) cut.add("object");
  return {
    null: a.null && b.null,
    booleans: a.booleans.filter((value) => b.booleans.includes(value)),
    numbers: meetNumbers(a.numbers, b.numbers),
    strings: meetStrings(a.strings, b.strings),
    arrays: arrays.forms,
    objects: objects.forms,
    lossy: a.lossy.union(b.lossy).union(cut),
  };
}

/** What both admit, when needed. */
export function meetLazy(a: LazyShape, b: LazyShape): LazyShape {
  if (a.key === b.key || b.key === "unknown") return a;
  if (a.key === "unknown") return b;
  const pool = a.pool ?? b.pool ?? createShapePool();
  const parts = [...new Set([...a.key.split("&"), ...b.key.split("&")])].toSorted();
  return pool.make(parts.join("&"), () => meet(a.get(), b.get()));
}

function meetNumbers(a: Shape["numbers"], b: Shape["numbers"]): Shape["numbers"] {
  if (a === "any") return b;
  if (b === "any") return a;
  const others = new Set(b);
  return a.filter((value) => others.has(value));
}

function meetStrings(a: Shape["strings"], b: Shape["strings"]): Shape["strings"] {
  if (a === "any") return b;
  if (b === "any") return a;
  const [inA, inB] = [createStringTest(a), createStringTest(b)];
  const literals = [...a, ...b].filter(
    (value) => typeof value === "string" && inA(value) && inB(value),
  );
  // Where two templates have texts in common, the first stands for them.
  const templates = a.filter(
    (value) =>
      typeof value !== "string" &&
      b.some((other) => typeof other !== "string" && !areDisjoint(value.template, other.template)),
  );
  return uniqueStrings([...literals, ...templates]);
}

function createStringTest(choices: readonly StringChoice[]): (text: string) => boolean {
  const literals = new Set(choices.filter((choice) => typeof choice === "string"));
  const templates = choices.filter((choice) => typeof choice !== "string");
  return (text) =>
    literals.has(text) || templates.some(({ template }) => matchesTemplate(text, template));
}

/** Each choice once. */
export function uniqueStrings(values: readonly StringChoice[]): readonly StringChoice[] {
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
): { readonly forms: readonly Form[]; readonly isCut: boolean } {
  if (a.length === 0 || b.length === 0) return { forms: [], isCut: false };
  if (a.length * b.length > MAX_ALTERNATIVES) {
    const isFree = a.length === 1 || b.length === 1;
    if (!isFree) return { forms: a, isCut: true };
  }
  return {
    forms: a.flatMap((one) => b.flatMap((other) => combine(one, other) ?? [])),
    isCut: false,
  };
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

/** What both forms admit; `undefined` where that is nothing. */
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
function shapeOfProperty(object: ObjectShape, name: string): LazyShape | undefined {
  const own = object.properties.get(name);
  return own ? own.shape : shapeOfOther(object, name);
}

/** The same for a name that is not among the properties. */
export function shapeOfOther(
  { patterns, rest }: Pick<ObjectShape, "patterns" | "rest">,
  name: string,
): LazyShape | undefined {
  const judged = patterns.map(({ pattern, shape }) => ({
    shape,
    matches: matchesPattern(name, pattern),
  }));
  // A pattern we cannot judge may or may not apply.
  if (judged.some(({ matches }) => matches === undefined)) return WIDEST;
  const matching = judged.filter(({ matches }) => matches === true);
  return matching.length === 0
    ? rest
    : matching.map(({ shape }) => shape).reduce(meetLazy, UNKNOWN);
}

/** Whether a property is required that nothing can be. */
export function isImpossible({ properties }: ObjectShape): boolean {
  return [...properties.values()].some(({ required, shape }) => required && isLazyNever(shape));
}
