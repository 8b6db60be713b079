import { isRecord } from "@codemode/core";

import { join } from "./join.ts";
import { templateOf } from "./key-pattern.ts";
import { kindOf, literalShape } from "./literal-shape.ts";
import { meet } from "./meet.ts";
import { readArray } from "./read-array.ts";
import { readDependencies } from "./read-dependencies.ts";
import { readObject } from "./read-object.ts";
import type { Reader } from "./read-schema.ts";
import type { SchemaNode } from "./schema-document.ts";
import type { Kind, Shape } from "./shape.ts";
import { KINDS, NEVER, shapeOfKinds, UNKNOWN } from "./shape.ts";

const MAX_ENUM = 2_000;

/** The rules that a schema states itself, without those made of other schemas. */
export function readOwn(reader: Reader, node: SchemaNode): Shape {
  const { schema } = node;
  if (typeof schema === "boolean") return schema ? UNKNOWN.get() : NEVER;
  const { kinds, isSure } = kindsOf(schema, reader);
  let shape = shapeOfKinds(kinds);
  if (Object.hasOwn(schema, "const")) shape = meet(shape, literalShape(schema["const"]));
  if (Array.isArray(schema["enum"])) shape = meet(shape, enumShape(schema["enum"]));
  const { pattern } = schema;
  if (typeof pattern === "string") shape = withPattern(shape, pattern);
  const open = shapeOfKinds(new Set(KINDS));
  if (kinds.has("array")) shape = meet(shape, { ...open, arrays: readArray(reader, node) });
  if (kinds.has("object")) {
    shape = meet(shape, { ...open, objects: readObject(reader, node) });
    for (const objects of readDependencies(reader, node)) shape = meet(shape, { ...open, objects });
  }
  const lossy = isSure ? lossyKinds(schema) : new Set(KINDS);
  return { ...shape, lossy: shape.lossy.union(lossy) };
}

function enumShape(choices: readonly unknown[]): Shape {
  if (choices.length <= MAX_ENUM) return join(choices.map(literalShape));
  const kinds = new Set(choices.map(kindOf));
  return { ...shapeOfKinds(kinds), lossy: kinds };
}

function withPattern(shape: Shape, pattern: string): Shape {
  const lossy = shape.lossy.union(new Set<Kind>(["string"]));
  const found = templateOf(pattern);
  if (shape.strings !== "any" || !found) return { ...shape, lossy };
  const { template, exact } = found;
  const strings = [template.includes("${string}") ? { template } : template];
  return { ...shape, strings, lossy: exact ? shape.lossy : lossy };
}

function kindsOf(
  schema: { readonly [keyword: string]: unknown },
  reader: Reader,
): { readonly kinds: ReadonlySet<Kind>; readonly isSure: boolean } {
  const { type } = schema;
  const all = new Set(KINDS);
  if (type === undefined) {
    const isObject = reader.propertiesMeanObject && isRecord(schema["properties"]);
    return { kinds: isObject ? new Set<Kind>(["object"]) : all, isSure: !isObject };
  }
  const kinds = new Set<Kind>();
  for (const name of Array.isArray(type) ? type : [type]) {
    const kind = KINDS.find((known) => known === name);
    // A type of no standard: anything.
    if (!kind && name !== "integer") return { kinds: all, isSure: false };
    kinds.add(kind ?? "number");
  }
  return kinds.size === 0 ? { kinds: all, isSure: false } : { kinds, isSure: true };
}

/** Keywords that rule out values in ways no type can say. */
const LOSSY_KEYWORDS: readonly (readonly [Kind, readonly string[]])[] = [
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
  ["string", ["minLength", "maxLength", "format", "contentEncoding", "contentMediaType"]],
  ["array", ["uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems"]],
  ["object", ["minProperties", "maxProperties", "propertyNames", "unevaluatedProperties"]],
  // The forms of dependent schemas may be wider than the schemas.
  ["object", ["dependentSchemas", "dependencies"]],
];

function lossyKinds(schema: { readonly [keyword: string]: unknown }): ReadonlySet<Kind> {
  const kinds = new Set<Kind>();
  for (const [kind, keywords] of LOSSY_KEYWORDS) {
    if (keywords.some((keyword) => Object.hasOwn(schema, keyword))) kinds.add(kind);
  }
  const { type } = schema;
  if (type === "integer" || (Array.isArray(type) && type.includes("integer"))) kinds.add("number");
  return kinds;
}
