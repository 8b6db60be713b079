/** A value that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * A JSON Schema of any draft, as it came from its source. Untrusted: read it defensively.
 * 2020-12 is assumed where `$schema` does not say otherwise (as MCP does).
 */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
