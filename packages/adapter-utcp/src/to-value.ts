import type { JsonValue } from "@codemode/core";
import { parseJson } from "@codemode/core";

/** The object or list that a text is, or the text. */
export function toValue(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return parseJson(text);
  } catch {
    // It only begins like JSON.
    return text;
  }
}
