import type { JsonSchema } from "@codemode/core";

import { complement, join, lazy, meet, patternShape } from "./combine.ts";
import { readArray } from "./read-array.ts";
import { readDependencies, readObject } from "./read-object.ts";
import type { SchemaDocument, SchemaNode } from "./schema-document.ts";
import { createSchemaDocument, isRecord, isSchema } from "./schema-document.ts";
import type { Kind, LazyShape, Shape } from "./shape.ts";
import { KINDS, literalShape, NEVER, shapeOfKinds, UNKNOWN } from "./shape.ts";

/** What reading a document's schemas needs. */
export interface Reader {
  readonly document: SchemaDocument;
  /** A model means an object where there are `properties`, whatever `type` says. */
  readonly propertiesMeanObject: boolean;
  /** Schemas that may still be read; references can make a small document exponentially large. */
  budget: number;
  /** The shape of a nested schema, when needed. */
  child(schema: unknown, base: string): LazyShape;
}

// Schemas inside each other in one place: references to references, unions of unions.
const MAX_IN_PLACE_DEPTH = 100;
const MAX_ENUM = 2_000;
const MAX_READ = 20_000;

/** Reads a schema of any draft. Whatever it does not understand makes the shape wider, never wrong. */
export function readSchema(
  schema: JsonSchema,
  options: { readonly propertiesMeanObject?: boolean } = {},
): LazyShape {
  const document = createSchemaDocument(schema);
  const ids = new Map<unknown, number>();
  const known = new Map<string, LazyShape>();
  const reader: Reader = {
    document,
    propertiesMeanObject: options.propertiesMeanObject ?? false,
    budget: MAX_READ,
    child(given, givenBase) {
      if (!isSchema(given)) return UNKNOWN;
      const { schema: inner, base } = followReferences(document, document.enter(given, givenBase));
      if (inner === true) return UNKNOWN;
      const id = ids.get(inner) ?? ids.size;
      ids.set(inner, id);
      const key = inner === false ? "never" : `${id}`;
      const found =
        known.get(`${key} ${base}`) ??
        lazy(key, () => readNode(reader, { schema: inner, base }, []));
      known.set(`${key} ${base}`, found);
      return found;
    },
  };
  return reader.child(document.root.schema, document.root.base);
}

/** Words about a schema that change nothing of what it admits. */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  "$ref title description $comment examples default deprecated readOnly writeOnly".split(" "),
);

/** The schema that a mere reference stands for, so that both have one name. */
function followReferences(document: SchemaDocument, from: SchemaNode): SchemaNode {
  let node = from;
  for (let hops = 0; hops < MAX_IN_PLACE_DEPTH; hops += 1) {
    const { schema, base } = node;
    if (typeof schema === "boolean" || typeof schema["$ref"] !== "string") return node;
    const isMere = Object.keys(schema).every((keyword) => ANNOTATIONS.has(keyword));
    if (!isMere && document.dialect !== "draft7") return node;
    const target = document.resolve(schema["$ref"], base);
    if (!target) return node;
    node = target;
  }
  return node;
}

/** `within` are the schemas read in this place already: a loop of references says nothing. */
function readNode(reader: Reader, node: SchemaNode, within: readonly JsonSchema[]): Shape {
  const { schema } = node;
  if (schema === false) return NEVER;
  reader.budget -= 1;
  const isTooMuch = reader.budget < 0 || within.length > MAX_IN_PLACE_DEPTH;
  if (schema === true || isTooMuch || within.includes(schema)) {
    return UNKNOWN.get();
  }
  const inside = [...within, schema];
  const here = (inner: unknown): Shape =>
    isSchema(inner)
      ? readNode(reader, reader.document.enter(inner, node.base), inside)
      : UNKNOWN.get();

  const target = targetOf(reader, node);
  const referred = target && readNode(reader, target, inside);
  if (referred && reader.document.dialect === "draft7" && typeof schema["$ref"] === "string")
    return referred;
  let shape = readOwn(reader, node);
  if (referred) shape = meet(shape, referred);
  for (const rule of combinators(schema, here)) shape = meet(shape, rule);
  return schema["nullable"] === true ? { ...shape, null: true } : shape;
}

function targetOf(reader: Reader, { schema, base }: SchemaNode): SchemaNode | undefined {
  if (typeof schema === "boolean") return undefined;
  const { $ref, $dynamicRef, $recursiveRef } = schema;
  if (typeof $ref === "string") return reader.document.resolve($ref, base) ?? ANYTHING;
  if (typeof $dynamicRef === "string")
    return reader.document.resolveDynamic($dynamicRef, base) ?? ANYTHING;
  return typeof $recursiveRef === "string" ? ANYTHING : undefined;
}

/** What is not in the document may be anything. */
const ANYTHING: SchemaNode = { schema: true, base: "" };

/** The rules that a schema states itself. */
function readOwn(reader: Reader, node: SchemaNode): Shape {
  const { schema } = node;
  if (typeof schema === "boolean") return UNKNOWN.get();
  const kinds = kindsOf(schema, reader);
  let shape = shapeOfKinds(kinds);
  if (Object.hasOwn(schema, "const")) shape = meet(shape, literalShape(schema["const"]));
  const choices = schema["enum"];
  if (Array.isArray(choices) && choices.length <= MAX_ENUM) {
    shape = meet(shape, choices.map(literalShape).reduce(join, NEVER));
  }
  const { pattern } = schema;
  if (typeof pattern === "string" && shape.strings === "any") {
    const { strings, exact } = patternShape(pattern);
    shape = {
      ...shape,
      strings,
      ...(exact ? {} : { lossy: shape.lossy.union(new Set<Kind>(["string"])) }),
    };
  }
  const open = shapeOfKinds(new Set(KINDS));
  if (kinds.has("array")) shape = meet(shape, { ...open, arrays: readArray(reader, node) });
  if (kinds.has("object")) {
    shape = meet(shape, { ...open, objects: readObject(reader, node) });
    for (const objects of readDependencies(reader, node)) shape = meet(shape, { ...open, objects });
  }
  return { ...shape, lossy: shape.lossy.union(lossyKinds(schema)) };
}

function kindsOf(
  schema: { readonly [keyword: string]: unknown },
  reader: Reader,
): ReadonlySet<Kind> {
  const { type } = schema;
  const names = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === "string");
  if (names.length === 0) {
    return reader.propertiesMeanObject && isRecord(schema["properties"])
      ? new Set(["object"])
      : new Set(KINDS);
  }
  const kinds = new Set<Kind>();
  for (const name of names) {
    const kind =
      KINDS.find((known) => known === name) ?? (name === "integer" ? "number" : undefined);
    // A type of no standard: anything.
    if (!kind) return new Set(KINDS);
    kinds.add(kind);
  }
  return kinds;
}

/** Keywords that rule out values in ways no type can say. */
const LOSSY_KEYWORDS: readonly (readonly [Kind, readonly string[]])[] = [
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
  ["string", ["minLength", "maxLength", "format", "contentEncoding", "contentMediaType"]],
  ["array", ["uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems"]],
  ["object", ["minProperties", "maxProperties", "propertyNames", "unevaluatedProperties"]],
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

/** Rules made of other schemas, each as a shape to be met. */
function combinators(
  schema: Exclude<JsonSchema, boolean>,
  here: (inner: unknown) => Shape,
): readonly Shape[] {
  const rules: Shape[] = [];
  const { allOf, anyOf, oneOf, not } = schema;
  if (Array.isArray(allOf)) rules.push(...allOf.map(here));
  if (Array.isArray(anyOf) && anyOf.length > 0) rules.push(anyOf.map(here).reduce(join));
  if (Array.isArray(oneOf) && oneOf.length > 0) rules.push(joinExclusive(oneOf.map(here)));
  if (isSchema(not)) rules.push(complement(here(not)));
  if (isSchema(schema["if"])) {
    const condition = here(schema["if"]);
    const then = isSchema(schema["then"]) ? meet(condition, here(schema["then"])) : condition;
    const otherwise = complement(condition);
    const rest = isSchema(schema["else"]) ? meet(otherwise, here(schema["else"])) : otherwise;
    rules.push(join(then, rest));
  }
  return rules;
}

/** Exactly one of the shapes, where it can be said; at least one of them otherwise. */
function joinExclusive(shapes: readonly Shape[]): Shape {
  if (shapes.length > 5) return { ...shapes.reduce(join), lossy: new Set(KINDS) };
  return shapes
    .map((shape, index) =>
      shapes
        .filter((_other, place) => place !== index)
        .map(complement)
        .reduce(meet, shape),
    )
    .reduce(join);
}
