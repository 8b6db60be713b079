import { isRecord } from "@codemode/core";

import type { Reader } from "./read-schema.ts";
import type { SchemaNode } from "./schema-document.ts";
import { isSchema } from "./schema-document.ts";

/**
 * Names that any schema applied in this place may evaluate (JSON Schema 2020-12, core, section 11.3);
 * `undefined` where that could be all.
 */
export function evaluatedProperties(
  reader: Reader,
  node: SchemaNode,
): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const inner of schemasInPlace(reader, node) ?? [UNKNOWN_TARGET]) {
    const opening = ["additionalProperties", "patternProperties"];
    if (inner !== node.schema) opening.push("unevaluatedProperties");
    if (opening.some((keyword) => (inner[keyword] ?? false) !== false)) return undefined;
    if (isRecord(inner["properties"]))
      for (const name of Object.keys(inner["properties"])) names.add(name);
  }
  return names;
}

/** How many items from the start any schema in this place may evaluate (section 11.2). */
export function evaluatedItems(reader: Reader, node: SchemaNode): number {
  let longest = 0;
  for (const inner of schemasInPlace(reader, node) ?? [UNKNOWN_TARGET]) {
    const opening = ["items", "contains", "additionalItems"];
    if (inner !== node.schema) opening.push("unevaluatedItems");
    if (opening.some((keyword) => (inner[keyword] ?? false) !== false)) return Infinity;
    if (Array.isArray(inner["prefixItems"]))
      longest = Math.max(longest, inner["prefixItems"].length);
  }
  return longest;
}

type SchemaObject = { readonly [keyword: string]: unknown };

/** Stands for a reference that leads out of the document: it may evaluate everything. */
const UNKNOWN_TARGET: SchemaObject = { additionalProperties: true, items: true };

/** The schema and all that apply to the same value; `undefined` where one is not known. */
function schemasInPlace(reader: Reader, node: SchemaNode): ReadonlySet<SchemaObject> | undefined {
  const found = new Set<SchemaObject>();
  const pending = [node];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { schema, base } = next;
    if (typeof schema === "boolean" || found.has(schema)) continue;
    found.add(schema);
    const { $ref, $dynamicRef, $recursiveRef } = schema;
    if (typeof $dynamicRef === "string" || typeof $recursiveRef === "string") return undefined;
    const target = typeof $ref === "string" ? reader.document.resolve($ref, base) : undefined;
    if (target) pending.push(target);
    else if (typeof $ref === "string") return undefined;
    for (const inner of appliedBy(schema)) {
      if (isSchema(inner)) pending.push(reader.document.enter(inner, base));
    }
  }
  return found;
}

function appliedBy(schema: SchemaObject): readonly unknown[] {
  const lists = ["allOf", "anyOf", "oneOf"].map((keyword) => schema[keyword]);
  const maps = ["dependentSchemas", "dependencies"].map((keyword) => schema[keyword]);
  return [
    ...["if", "then", "else", "not"].map((keyword) => schema[keyword]),
    ...lists.filter(Array.isArray).flat(),
    ...maps.filter(isRecord).flatMap((map) => Object.values(map)),
  ];
}
