import type { JsonValue } from "@codemode/core";
import { parseJson } from "@codemode/core";

import type { CallWords } from "./http-errors.ts";
import { noJsonError, pickError } from "./http-errors.ts";
import type { HttpResponse } from "./http-options.ts";
import type { Answer } from "./send-request.ts";

/** The value of an answer: JSON where it is that or must be that, otherwise text; nothing is `null`. */
export function readAnswer(
  { contentType, body }: Answer,
  { type, pick }: HttpResponse,
  words: CallWords,
): JsonValue {
  const text = decode(body, contentType);
  if (body.byteLength === 0 && type !== "text") return null;
  const isJson = type === "json" || pick !== undefined || /^[^;]*[/+]json\b/i.test(contentType);
  if (type === "text" || !isJson) return text;
  if (text.trim() === "") return null;
  const value = toJson(text, words);
  return pick === undefined ? value : pickValue(value, pick, words.tool);
}

function decode(body: Buffer, contentType: string): string {
  const charset = /;\s*charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    // A name that nobody knows; nearly everything is this.
    return new TextDecoder().decode(body);
  }
}

function toJson(text: string, words: CallWords): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw noJsonError(text, words);
  }
}

/** The part of a value that a JSON pointer (RFC 6901) leads to. */
function pickValue(value: JsonValue, pointer: string, tool: string): JsonValue {
  let found: JsonValue = value;
  let at = "";
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const holder = typeof found === "object" && found !== null ? found : {};
    const next = new Map<string, JsonValue>(Object.entries(holder)).get(key);
    if (next === undefined) throw pickError(tool, pointer, { at, keys: Object.keys(holder) });
    found = next;
    at += `/${step}`;
  }
  return found;
}
