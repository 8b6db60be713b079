import { isRecord } from "@codemode/core";

/** Keywords that hold schemas: directly, in lists, by name. What stands elsewhere (in `const`, say) is data. */
const NESTED = new Set(
  "additionalItems additionalProperties contains else if items not propertyNames then unevaluatedItems unevaluatedProperties contentSchema allOf anyOf oneOf prefixItems".split(
    " ",
  ),
);
const NAMED = new Set(
  "$defs definitions properties patternProperties dependentSchemas dependencies".split(" "),
);

/** What stands where a schema is to stand in another one. */
export interface NestedSchema {
  /** Keyword, and number or name where there are several. */
  readonly path: readonly string[];
  readonly schema: unknown;
}

/** The schemas directly in a schema, unchecked. */
export function nestedSchemas(schema: { readonly [keyword: string]: unknown }): NestedSchema[] {
  return Object.entries(schema).flatMap(([keyword, value]): NestedSchema[] => {
    const entry = ([name, inner]: readonly [string, unknown]): NestedSchema => ({
      path: [keyword, name],
      schema: inner,
    });
    if (NAMED.has(keyword)) return isRecord(value) ? Object.entries(value).map(entry) : [];
    if (!NESTED.has(keyword)) return [];
    return Array.isArray(value)
      ? Object.entries(value).map(entry)
      : [{ path: [keyword], schema: value }];
  });
}
