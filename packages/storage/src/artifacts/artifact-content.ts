import type { JsonValue } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { ArtifactData, ArtifactKind } from "./artifact.ts";

/** Data on its way into the store. */
export interface ArtifactContent {
  readonly kind: ArtifactKind;
  readonly contentType: string;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
}

const DEFAULT_TYPES = {
  text: "text/plain; charset=utf-8",
  json: "application/json",
  bytes: "application/octet-stream",
} as const;

/** Tells text, bytes, JSON and streams apart. `INVALID_ARGUMENTS` for what is none of them. */
export function toContent(data: ArtifactData, contentType: string | undefined): ArtifactContent {
  if (typeof data === "string") {
    if (!data.isWellFormed())
      throw unstorable("This text has half a character in it (a lone surrogate)");
    return content("text", contentType, Buffer.from(data));
  }
  if (data instanceof Uint8Array) return content("bytes", contentType, data);
  if (isStream(data)) return content(kindOfType(contentType), contentType, data);
  return content("json", contentType, Buffer.from(toJson(data)));
}

/** How bytes without a history are given back, by their content type. */
function kindOfType(contentType: string | undefined): ArtifactKind {
  const [type = ""] = (contentType ?? "").toLowerCase().split(";");
  const plain = type.trim();
  if (plain === "application/json" || plain.endsWith("+json")) return "json";
  return plain.startsWith("text/") ? "text" : "bytes";
}

/**
 * Bytes as what they were saved as. A stream can have called itself what it is not: bytes that are
 * no text come back as bytes, text that is no JSON as text.
 */
export function toValue(kind: ArtifactKind, bytes: Uint8Array): JsonValue | Uint8Array {
  const text = kind === "bytes" ? undefined : decodeText(bytes);
  if (text === undefined) return bytes;
  if (kind === "text") return text;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    // As said above: text.
    return text;
  }
}

/** `undefined` for what is no UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // There is no other reason to throw.
    return undefined;
  }
}

function content(
  kind: ArtifactKind,
  contentType: string | undefined,
  bytes: ArtifactContent["bytes"],
): ArtifactContent {
  return { kind, contentType: contentType ?? DEFAULT_TYPES[kind], bytes };
}

function isStream(data: ArtifactData): data is AsyncIterable<Uint8Array> {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

/** Callers without types can give anything. */
function toJson(data: unknown): string {
  const json: unknown = stringify(data);
  if (typeof json === "string") return json;
  throw unstorable("This is no text, no bytes (Uint8Array), no JSON and no stream of bytes");
}

function unstorable(what: string): CodemodeError {
  return new CodemodeError("INVALID_ARGUMENTS", `${what}: it cannot be saved as an artifact.`);
}

function stringify(data: unknown): unknown {
  try {
    return JSON.stringify(data);
  } catch {
    // A cycle or a big integer: the caller words it.
    return undefined;
  }
}
