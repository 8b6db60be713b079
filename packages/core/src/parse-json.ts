import type { JsonValue } from "./json.ts";

/**
 * The value of a JSON text that a tool answered. Integers that a number cannot hold become texts of their digits:
 * another record's id is worse than another type. Throws a `SyntaxError`.
 */
export function parseJson(text: string): JsonValue {
  const value: JsonValue = MAYBE_LARGE.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  return value;
}

const MAYBE_LARGE = /[[,:\s]-?\d{16,}(?![.\d])|^-?\d{16,}$/;

function keepDigits(
  _key: string,
  value: unknown,
  { source }: { readonly source?: string } = {},
): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined)
    return value;
  return /^-?\d+$/.test(source) ? source : value;
}
