import type { JsonSchema } from "@codemode/core";

import { complement, exactlyOne } from "./complement.ts";
import { join } from "./join.ts";
import { meet } from "./meet.ts";
import { readOwn } from "./read-own.ts";
import type { SchemaDocument, SchemaNode } from "./schema-document.ts";
import { createSchemaDocument, isSchema } from "./schema-document.ts";
import { createShapePool } from "./shape-pool.ts";
import type { LazyShape, Shape, ShapePool } from "./shape.ts";
import { NOTHING, UNKNOWN, WIDEST } from "./shape.ts";

/** What reading a document's schemas needs. */
export interface Reader {
  readonly document: SchemaDocument;
  /** A model means an object where there are `properties`, whatever `type` says. */
  readonly propertiesMeanObject: boolean;
  /** The shape of a nested schema, when needed. */
  child(schema: unknown, base: string): LazyShape;
}

/** How a schema is read. */
export interface ReadOptions {
  /** Whether `properties` without a `type` mean an object. Default: false, as the standard has it. */
  readonly propertiesMeanObject?: boolean;
}

/** A schema's shape, and the pool that tells whether it was too much work. */
export interface ReadResult {
  readonly shape: LazyShape;
  readonly pool: ShapePool;
}

/** Reads a schema of any draft. Whatever it does not understand makes the shape wider, never wrong. */
export function readSchema(schema: JsonSchema, options: ReadOptions = {}): ReadResult {
  const document = createSchemaDocument(schema);
  const pool = createShapePool();
  const keyOf = createNodeKeys();
  const reader: Reader = {
    document,
    propertiesMeanObject: options.propertiesMeanObject ?? false,
    child(given, givenBase) {
      if (!isSchema(given)) return UNKNOWN;
      const node = followReferences(document, document.enter(given, givenBase));
      if (node.schema === true) return UNKNOWN;
      if (node.schema === false) return NOTHING;
      return pool.make(keyOf(node), () => readNode(reader, node));
    },
  };
  return { shape: reader.child(document.root.schema, document.root.base), pool };
}

function createNodeKeys(): (node: SchemaNode) => string {
  const keys = new Map<JsonSchema, Map<string, string>>();
  let count = 0;
  return ({ schema, base }) => {
    const byBase = keys.get(schema) ?? new Map<string, string>();
    keys.set(schema, byBase);
    const known = byBase.get(base);
    if (known !== undefined) return known;
    count += 1;
    byBase.set(base, `${count}`);
    return `${count}`;
  };
}

/** Words about a schema that change nothing of what it admits. */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  "$ref title description $comment examples default deprecated readOnly writeOnly".split(" "),
);
const MAX_HOPS = 100;

/** The schema that a mere reference stands for, so that both have one name. */
function followReferences(document: SchemaDocument, from: SchemaNode): SchemaNode {
  let node = from;
  for (let hops = 0; hops < MAX_HOPS; hops += 1) {
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

function readNode(reader: Reader, node: SchemaNode): Shape {
  const { schema, base } = node;
  if (typeof schema === "boolean") return schema ? UNKNOWN.get() : NOTHING.get();
  const here = (inner: unknown): Shape => reader.child(inner, base).get();
  const referred = referredShape(reader, node);
  if (referred && reader.document.dialect === "draft7" && typeof schema["$ref"] === "string")
    return referred;
  let shape = readOwn(reader, node);
  if (referred) shape = meet(shape, referred);
  for (const rule of combinators(schema, here)) shape = meet(shape, rule);
  // A word of OpenAPI's; a validator that does not know it refuses `null`.
  return schema["nullable"] === true
    ? { ...shape, null: true, lossy: shape.lossy.union(new Set(["null"] as const)) }
    : shape;
}

/** What the schema refers to; what is not in the document may be anything. */
function referredShape(reader: Reader, { schema, base }: SchemaNode): Shape | undefined {
  if (typeof schema === "boolean") return undefined;
  const { $ref, $dynamicRef, $recursiveRef } = schema;
  const { document } = reader;
  let target: SchemaNode | undefined;
  if (typeof $ref === "string") target = document.resolve($ref, base);
  else if (typeof $dynamicRef === "string") target = document.resolveDynamic($dynamicRef, base);
  else if (typeof $recursiveRef !== "string") return undefined;
  return (target ? reader.child(target.schema, target.base) : WIDEST).get();
}

/** Rules made of other schemas, each as a shape to be met. */
function combinators(
  schema: Exclude<JsonSchema, boolean>,
  here: (inner: unknown) => Shape,
): readonly Shape[] {
  const rules: Shape[] = [];
  const { allOf, anyOf, oneOf, not } = schema;
  if (Array.isArray(allOf)) rules.push(...allOf.map(here));
  if (Array.isArray(anyOf) && anyOf.length > 0) rules.push(join(anyOf.map(here)));
  if (Array.isArray(oneOf) && oneOf.length > 0) rules.push(join(exactlyOne(oneOf.map(here))));
  if (isSchema(not)) rules.push(complement(here(not)));
  if (isSchema(schema["if"])) {
    const condition = here(schema["if"]);
    const then = isSchema(schema["then"]) ? meet(condition, here(schema["then"])) : condition;
    const otherwise = complement(condition);
    const rest = isSchema(schema["else"]) ? meet(otherwise, here(schema["else"])) : otherwise;
    rules.push(join([then, rest]));
  }
  return rules;
}
