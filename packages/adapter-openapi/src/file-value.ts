import type { JsonSchema, JsonValue } from "@codemode/core";
import { isRecord } from "@codemode/core";

/** Bytes as programs have them: what one operation gives, another takes. */
export interface FileValue {
  readonly mimeType?: string;
  readonly filename?: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The schema of bytes that are sent. */
export const FILE_INPUT_SCHEMA: JsonSchema = {
  type: "object",
  description: "A file",
  properties: {
    data: { type: "string", contentEncoding: "base64", description: "The bytes, in base64" },
    mimeType: { type: "string" },
    filename: { type: "string" },
  },
  required: ["data"],
};

/** The schema of bytes that come back. */
export const FILE_OUTPUT_SCHEMA: JsonSchema = {
  type: "object",
  description: "A file",
  properties: {
    data: { type: "string", contentEncoding: "base64", description: "The bytes, in base64" },
    mimeType: { type: "string" },
  },
  required: ["data", "mimeType"],
};

/** Whether a field of a form is a file: raw bytes are outside of JSON Schema's types. */
export function isFileSchema(schema: unknown): boolean {
  if (!isRecord(schema)) return false;
  if (schema["type"] === "array") return isFileSchema(schema["items"]);
  if (schema["format"] === "binary" || schema["type"] === "file") return true;
  const { contentMediaType: type, contentEncoding: encoding } = schema;
  return typeof type === "string" && encoding === undefined && !/json/i.test(type);
}

// The alphabets of both kinds of base64.
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Reads `{ data, mimeType?, filename? }`, or base64 alone. Gives `undefined` for anything else. */
export function readFileValue(value: JsonValue): FileValue | undefined {
  if (typeof value === "string") return readFileValue({ data: value });
  if (!isRecord(value)) return undefined;
  const { data, mimeType, filename } = value;
  if (typeof data !== "string") return undefined;
  const compact = data.replaceAll(/\s+/g, "");
  if (!BASE64.test(compact)) return undefined;
  return {
    bytes: Uint8Array.from(Buffer.from(compact, "base64")),
    ...(typeof mimeType === "string" ? { mimeType } : {}),
    ...(typeof filename === "string" ? { filename } : {}),
  };
}
