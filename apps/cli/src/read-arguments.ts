import type { JsonObject, JsonSchema, JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import { parseJson, readStdin } from "./read-input.ts";

/** Arguments of a tool or skill: `key=value` pairs, one JSON object, or `-` for one on standard input. */
export async function readArguments(parts: readonly string[]): Promise<JsonObject> {
  const [first] = parts;
  if (first === undefined) return {};
  if (first === "-") return toObject(parseJson(await readStdin(), "Standard input"));
  if (first.trimStart().startsWith("{"))
    return toObject(parseJson(parts.join(" "), "The argument"));
  return Object.fromEntries(parts.map(readPair));
}

/** The same, where `key=value` of an argument that is a text stays one, though it reads like a number. */
export function withTexts(
  given: JsonObject,
  parts: readonly string[],
  schema: JsonSchema,
): JsonObject {
  const texts = parts.flatMap((part) => {
    const equals = part.indexOf("=");
    const key = part.slice(0, Math.max(equals, 0));
    const isText = typeof given[key] !== "string" && Object.hasOwn(given, key);
    return isText && isTextProperty(schema, key) ? [[key, part.slice(equals + 1)]] : [];
  });
  return { ...given, ...Object.fromEntries(texts) };
}

function isTextProperty(schema: JsonSchema, key: string): boolean {
  const properties: unknown = Object(schema).properties;
  const property: unknown = Object.hasOwn(Object(properties), key) && Object(properties)[key];
  return Object(property).type === "string";
}

/** `key=value`: the value is JSON where it can be, otherwise text. */
function readPair(part: string): readonly [string, JsonValue] {
  const equals = part.indexOf("=");
  if (equals < 1) {
    const message = `${JSON.stringify(part)} is no key=value pair. Arguments are key=value pairs or one JSON object.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  const text = part.slice(equals + 1);
  try {
    const value: JsonValue = JSON.parse(text);
    return [part.slice(0, equals), value];
  } catch {
    // Plain words need no quotes.
    return [part.slice(0, equals), text];
  }
}

function toObject(value: unknown): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new CodemodeError("INVALID_ARGUMENTS", "Arguments are one JSON object.");
}
