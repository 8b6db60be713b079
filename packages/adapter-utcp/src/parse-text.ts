import type { JsonValue } from "@codemode/core";
import { CORE_SCHEMA, load } from "js-yaml";

/** The value of a JSON or YAML text. Throws an `Error` that says where it breaks. */
export function parseText(text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      // YAML takes it too, and where it does not, it knows the line.
    }
  }
  return load(text, { schema: CORE_SCHEMA });
}

/** The object or list that a text is, or the text. */
export function toValue(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    // It only begins like JSON.
    return text;
  }
}
