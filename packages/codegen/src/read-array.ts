import { evaluatedItems } from "./evaluated.ts";
import type { Reader } from "./read-schema.ts";
import type { SchemaNode } from "./schema-document.ts";
import { isSchema } from "./schema-document.ts";
import type { ArrayShape } from "./shape.ts";
import { ANY_ARRAY, UNKNOWN, WIDEST } from "./shape.ts";

// A longer list of positions is no tuple that anybody reads.
const MAX_PREFIX = 64;

/** What a schema says of arrays. */
export function readArray(reader: Reader, node: SchemaNode): readonly ArrayShape[] {
  const { schema, base } = node;
  if (typeof schema === "boolean") return [];
  const { items, additionalItems, contains } = schema;
  const isOld = reader.document.dialect === "draft7";
  const { prefixItems, minContains, maxContains } = isOld ? {} : schema;
  const list = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  if (list.length > MAX_PREFIX) return [{ ...ANY_ARRAY, rest: WIDEST }];
  // Before 2020-12 a list of `items` was a prefix, and `additionalItems` what followed.
  const following = Array.isArray(items) ? additionalItems : items;
  const lone = list.length === 0 && !Array.isArray(items) ? items : following;
  const rest = lone === false ? undefined : isSchema(lone) ? reader.child(lone, base) : UNKNOWN;
  let min = count(schema["minItems"], 0);
  const least = count(minContains, 1);
  if (isSchema(contains) && least > count(maxContains, Infinity)) return [];
  if (contains === false && least > 0) return [];
  if (isSchema(contains)) min = Math.max(min, least);
  const closed = list.findIndex((item) => item === false);
  const longest = rest ? longestEvaluated(reader, node) : list.length;
  const max = Math.min(
    count(schema["maxItems"], Infinity),
    longest,
    closed < 0 ? Infinity : closed,
  );
  if (min > max) return [];
  const prefix = list.slice(0, max).map((item) => reader.child(item, base));
  return [{ prefix, rest, min, max }];
}

/** With `unevaluatedItems: false`, as many items as any schema in this place may evaluate. */
function longestEvaluated(reader: Reader, node: SchemaNode): number {
  const { schema } = node;
  if (typeof schema === "boolean" || schema["unevaluatedItems"] !== false) return Infinity;
  if (reader.document.dialect === "draft7") return Infinity;
  return evaluatedItems(reader, node);
}

function count(value: unknown, otherwise: number): number {
  return typeof value === "number" && value >= 0 ? Math.ceil(value) : otherwise;
}
