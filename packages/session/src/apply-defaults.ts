import type { JsonObject, JsonSchema, JsonValue } from "@codemode/core";

import { isObject } from "./host-arguments.ts";

/** Whether any property, at any depth that `applyDefaults` looks at, has a default. */
export function hasDefaults(schema: JsonSchema): boolean {
  const properties = Object.values(propertiesOf(schema) ?? {});
  return properties.some((property) => defaultOf(property) !== undefined || hasDefaults(property));
}

/**
 * The arguments with the `default` of every missing property, nested objects that are given
 * included. Never changes what it is given; a required property that has a default is optional.
 */
export function applyDefaults(schema: JsonSchema, args: JsonObject): JsonObject {
  const properties = propertiesOf(schema);
  if (!properties) return args;
  const filled = new Map(Object.entries(args));
  for (const [name, property] of Object.entries(properties)) {
    const value = filled.get(name);
    const next = value === undefined ? defaultOf(property) : fillNested(property, value);
    if (next !== undefined) filled.set(name, next);
  }
  return Object.fromEntries(filled);
}

function fillNested(schema: JsonSchema, value: JsonValue): JsonValue {
  return isObject(value) ? applyDefaults(schema, value) : value;
}

function propertiesOf(schema: JsonSchema): { readonly [name: string]: JsonSchema } | undefined {
  const properties = typeof schema === "object" ? schema["properties"] : undefined;
  return isSchemaMap(properties) ? properties : undefined;
}

function defaultOf(schema: JsonSchema): JsonValue | undefined {
  if (typeof schema !== "object" || !Object.hasOwn(schema, "default")) return undefined;
  const value = schema["default"];
  return isJson(value) ? value : undefined;
}

// Schemas and arguments came out of JSON: what they hold is JSON.
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

function isSchemaMap(value: unknown): value is { readonly [name: string]: JsonSchema } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (schema) => typeof schema === "boolean" || (typeof schema === "object" && schema !== null),
  );
}
