import { isRecord } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";

/** What stands behind a keyword of a schema: one schema, a list, a map by name, or plain data. */
export type KeywordKind = "one" | "list" | "map" | "data";

const ONE = new Set(
  "additionalItems additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems unevaluatedProperties".split(
    " ",
  ),
);
const LISTS = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const MAPS = new Set([
  "$defs",
  "definitions",
  "dependentSchemas",
  "patternProperties",
  "properties",
]);

/** How to read the value of a keyword. */
export function keywordKind(keyword: string, value: unknown): KeywordKind {
  if (LISTS.has(keyword)) return "list";
  if (MAPS.has(keyword)) return "map";
  if (!ONE.has(keyword)) return "data";
  return keyword === "items" && Array.isArray(value) ? "list" : "one";
}

/** The schemas directly in a schema. What cannot be read is given as it is. */
export function subschemas(schema: JsonRecord): readonly unknown[] {
  return Object.entries(schema).flatMap(([keyword, value]): readonly unknown[] => {
    const kind = keywordKind(keyword, value);
    if (kind === "data") return [];
    if (kind === "map" && isRecord(value)) return Object.values(value);
    return kind === "list" && Array.isArray(value) ? value : [value];
  });
}
