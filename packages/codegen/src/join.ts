import { MAX_ALTERNATIVES, uniqueStrings } from "./meet.ts";
import type { ArrayShape, Kind, ObjectShape, Shape } from "./shape.ts";
import { ANY_ARRAY, ANY_OBJECT, isAnyArray, isAnyObject } from "./shape.ts";

/** What any of the shapes admits. */
export function join(shapes: readonly Shape[]): Shape {
  const arrays = joinForms(
    shapes.flatMap((shape) => shape.arrays),
    ARRAYS,
  );
  const objects = joinForms(
    shapes.flatMap((shape) => shape.objects),
    OBJECTS,
  );
  const cut = new Set<Kind>();
  if (arrays.isCut) cut.add("array");
  if (objects.isCut) cut.add("object");
  return {
    null: shapes.some((shape) => shape.null),
    booleans: [...new Set(shapes.flatMap((shape) => shape.booleans))],
    numbers: joinNumbers(shapes),
    strings: joinStrings(shapes),
    arrays: arrays.forms,
    objects: objects.forms,
    lossy: shapes.reduce<ReadonlySet<Kind>>((all, { lossy }) => all.union(lossy), cut),
  };
}

function joinNumbers(shapes: readonly Shape[]): Shape["numbers"] {
  const all: number[] = [];
  for (const { numbers } of shapes) {
    if (numbers === "any") return "any";
    all.push(...numbers);
  }
  return [...new Set(all)];
}

function joinStrings(shapes: readonly Shape[]): Shape["strings"] {
  const all = [];
  for (const { strings } of shapes) {
    if (strings === "any") return "any";
    all.push(...strings);
  }
  return uniqueStrings(all);
}

interface Forms<Form> {
  readonly any: Form;
  readonly isAny: (form: Form) => boolean;
  readonly identity: (form: Form) => unknown;
}

const ARRAYS: Forms<ArrayShape> = {
  any: ANY_ARRAY,
  isAny: isAnyArray,
  identity: ({ prefix, rest, min, max }) => [
    prefix.map(({ key }) => key),
    rest?.key,
    min,
    String(max),
  ],
};

const OBJECTS: Forms<ObjectShape> = {
  any: ANY_OBJECT,
  isAny: isAnyObject,
  identity: ({ properties, patterns, rest }) => [
    [...properties].map(([name, { shape, required }]) => [name, shape.key, required]),
    patterns.map(({ pattern, shape }) => [pattern, shape.key]),
    rest?.key,
  ],
};

function joinForms<Form>(
  forms: readonly Form[],
  { any, isAny, identity }: Forms<Form>,
): { readonly forms: readonly Form[]; readonly isCut: boolean } {
  if (forms.length < 2) return { forms, isCut: false };
  if (forms.some(isAny)) return { forms: [any], isCut: false };
  const byIdentity = new Map(forms.map((form) => [JSON.stringify(identity(form)), form]));
  return byIdentity.size > MAX_ALTERNATIVES * 4
    ? { forms: [any], isCut: true }
    : { forms: [...byIdentity.values()], isCut: false };
}
