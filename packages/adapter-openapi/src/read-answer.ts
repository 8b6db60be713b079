import { isUtf8 } from "node:buffer";

import type { JsonValue, ToolResult } from "@codemode/core";
import { parseJson } from "@codemode/core";

import type { HttpAnswer } from "./http-sender.ts";
import { bodyKind, charsetOf } from "./media-type.ts";
import type { Operation } from "./read-operation.ts";

/** A successful answer as a tool's result. Throws a `SyntaxError` for broken JSON. */
export function toToolResult(answer: HttpAnswer, operation: Operation): ToolResult {
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== "set-cookie"));
  const meta = { status: answer.status, headers };
  if (operation.method === "head") return { content: [], structuredContent: meta, meta };
  return { content: [], structuredContent: answerValue(answer, operation), meta };
}

function answerValue(answer: HttpAnswer, { answer: declared }: Operation): JsonValue {
  const { bytes, headers } = answer;
  if (bytes.byteLength === 0) return null;
  const type = headers.get("content-type") ?? "";
  const kind = type === "" ? guessKind(bytes) : bodyKind(type);
  if (kind === "json") return parseJson(decode(bytes, type));
  if (kind === "binary" || kind === "multipart")
    return {
      mimeType: type || "application/octet-stream",
      data: Buffer.from(bytes).toString("base64"),
    };
  const text = decode(bytes, type);
  const wantsJson = declared.successes.some(
    ({ mediaType }) => mediaType !== undefined && bodyKind(mediaType) === "json",
  );
  return wantsJson ? (containerIn(text) ?? text) : text;
}

function guessKind(bytes: Uint8Array): "json" | "text" | "binary" {
  if (!isUtf8(bytes)) return "binary";
  return containerIn(decode(bytes, "")) === undefined ? "text" : "json";
}

/** The object or list that a text of another type is, where JSON was declared. */
function containerIn(text: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    // It only begins like JSON.
    return undefined;
  }
}

/** The text of a body, in the charset it names. */
function decode(bytes: Uint8Array, contentType: string): string {
  try {
    return new TextDecoder(charsetOf(contentType)).decode(bytes);
  } catch {
    // A charset nobody knows.
    return new TextDecoder().decode(bytes);
  }
}

const MAX_JSON_CHARACTERS = 32_000;
const MAX_TEXT_CHARACTERS = 4_000;

/** The body of an error, for programs: a value where it is JSON of a sensible size, a text's beginning otherwise. */
export function errorBody({ bytes, headers }: Pick<HttpAnswer, "bytes" | "headers">): JsonValue {
  const type = headers.get("content-type") ?? "";
  if (bytes.byteLength === 0) return null;
  if (type !== "" && bodyKind(type) === "binary") return `${bytes.byteLength} bytes of ${type}`;
  const text = decode(bytes, type);
  const value = text.length <= MAX_JSON_CHARACTERS ? containerIn(text) : undefined;
  return value ?? text.slice(0, MAX_TEXT_CHARACTERS);
}
