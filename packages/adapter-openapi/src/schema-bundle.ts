import type { JsonSchema } from "@codemode/core";
import { isRecord } from "@codemode/core";

import { freeName } from "./free-name.ts";
import type { JsonRecord } from "./json-record.ts";
import { OperationProblem, pointerKeys } from "./references.ts";
import { keywordKind } from "./schema-keywords.ts";
import type { SpecSource } from "./spec-source.ts";

/** Whether a schema is of what is sent or of what comes back: that decides what is required. */
export type SchemaSide = "request" | "response";

/** Schemas that share their definitions, cut out of a document. */
export interface SchemaBundle {
  /** A copy whose references lead into `definitions`. Throws an `OperationProblem`. */
  add(schema: unknown): JsonSchema;
  /** All that was referred to, by name; references in circles end here. */
  definitions(): JsonRecord;
}

// Deeper ones cannot be encoded or walked; the deepest of real documents have some 20 levels.
const MAX_DEPTH = 100;
// They say nothing of the value, or change what references mean.
const LEFT_OUT = new Set(
  "$anchor $id $schema discriminator example externalDocs nullable readOnly writeOnly xml".split(
    " ",
  ),
);

/** An empty bundle. */
export function createSchemaBundle(source: SpecSource, side: SchemaSide): SchemaBundle {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const definitions = new Map<string, JsonSchema>();
  const pending: string[] = [];
  const refer = (reference: string): string => {
    const known = names.get(reference);
    if (known !== undefined) return known;
    const name = freeName(nameOf(reference), taken);
    taken.add(name);
    names.set(reference, name);
    pending.push(reference);
    return name;
  };
  const context: CopyContext = { source, side, refer };
  return {
    add(schema) {
      const copied = copySchema(schema, context, 0);
      for (let reference = pending.shift(); reference !== undefined; reference = pending.shift()) {
        definitions.set(refer(reference), copySchema(source.schemaAt(reference), context, 0));
      }
      return copied;
    },
    definitions: () => Object.fromEntries(definitions),
  };
}

interface CopyContext {
  readonly source: SpecSource;
  readonly side: SchemaSide;
  /** Asks for a definition, and gives its name. */
  readonly refer: (reference: string) => string;
}

function copySchema(schema: unknown, context: CopyContext, depth: number): JsonSchema {
  if (typeof schema === "boolean") return schema;
  // What a YAML file leaves empty.
  if (schema === null || schema === undefined) return {};
  if (!isRecord(schema)) throw new OperationProblem("has a schema that is no object");
  if (depth > MAX_DEPTH)
    throw new OperationProblem(`has a schema of more than ${MAX_DEPTH} levels`);
  const copied = Object.entries(schema).flatMap(([keyword, value]) => {
    if (LEFT_OUT.has(keyword) || keyword.startsWith("x-")) return [];
    return [
      [keyword, copyKeyword(keyword, value, { ...context, schema, depth: depth + 1 })] as const,
    ];
  });
  return Object.fromEntries(copied);
}

interface KeywordContext extends CopyContext {
  readonly schema: JsonRecord;
  readonly depth: number;
}

function copyKeyword(keyword: string, value: unknown, context: KeywordContext): unknown {
  const { depth, refer } = context;
  if (keyword === "$ref" && typeof value === "string") return `#/$defs/${refer(value)}`;
  if (keyword === "required" && Array.isArray(value)) return requiredNames(value, context);
  switch (keywordKind(keyword, value)) {
    case "data":
      return value;
    case "one":
      return copySchema(value, context, depth);
    case "list":
      if (Array.isArray(value)) return value.map((item) => copySchema(item, context, depth));
      break;
    case "map":
      if (isRecord(value)) return copyMap(value, context);
  }
  throw new OperationProblem(`has a schema whose "${keyword}" cannot be read`);
}

function copyMap(schemas: JsonRecord, context: KeywordContext): JsonRecord {
  const copies = Object.entries(schemas).map(
    ([name, one]) => [name, copySchema(one, context, context.depth)] as const,
  );
  return Object.fromEntries(copies);
}

/** A server fills in what is read-only, and does not tell what is write-only. */
function requiredNames(required: readonly unknown[], context: KeywordContext): readonly unknown[] {
  const { schema, side, source } = context;
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const flag = side === "request" ? "readOnly" : "writeOnly";
  return required.filter((name) => {
    const property = typeof name === "string" ? properties[name] : undefined;
    if (!isRecord(property)) return true;
    const reference = property["$ref"];
    const target = typeof reference === "string" ? source.schemaAt(reference) : property;
    return property[flag] !== true && !(isRecord(target) && target[flag] === true);
  });
}

function nameOf(reference: string): string {
  const key = reference === "#" ? "Root" : (pointerKeys(reference).at(-1) ?? "");
  // A whole document bears the name of its file.
  const last = key.replace(/^[a-z]+:.*\/([^/]+?)(\.\w+)?$/, "$1");
  return last.replaceAll(/[^\w.-]+/g, "_") || "Schema";
}
