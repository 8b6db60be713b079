import type { JsonObject, JsonValue } from "@codemode/core";

// What host functions make of what a guest gives them: arguments by place, answers as JSON.

/** Arguments by place; a guest may also give a single one alone. */
export function positional(args: JsonValue): readonly JsonValue[] {
  return isArray(args) ? args : [args];
}

/** Empty for what is no object. */
export function toObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Whether it has members by name. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isArray(value);
}

/** Whether it is a list of texts, empty or not. */
export function isStrings(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** A value as data; members that are absent are left out. */
export function toJson(value: object | null): JsonValue {
  const json: JsonValue = JSON.parse(JSON.stringify(value));
  return json;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
