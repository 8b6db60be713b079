import { randomUUID } from "node:crypto";

import type { JsonValue } from "@codemode/core";
import { argumentsError, isRecord } from "@codemode/core";

import type { BuiltBody } from "./built-body.ts";
import type { FileValue } from "./file-value.ts";
import { isFileSchema, readFileValue } from "./file-value.ts";
import { recordAt, textAt } from "./json-record.ts";
import { scalarText } from "./parameter-values.ts";
import type { RequestBody } from "./read-operation.ts";
import type { SpecSource } from "./spec-source.ts";
import { formFields } from "./tool-schemas.ts";

/** The argument, and the tool for messages. */
export interface MultipartValue {
  readonly value: JsonValue;
  readonly tool: string;
}

interface Part {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType?: string | undefined;
  readonly filename?: string | undefined;
}

/**
 * Writes a form in parts: files with name and type, objects as JSON, lists as repeated fields.
 * `FormData` cannot say a part's type without making a file of it.
 */
export function buildMultipart(
  source: SpecSource,
  body: RequestBody,
  { value, tool }: MultipartValue,
): BuiltBody {
  if (!isRecord(value)) throw argumentsError(tool, '"body" has to be an object');
  const fields = formFields(source, body.schema);
  const parts = Object.entries<JsonValue>(value).flatMap(([name, field]) => {
    const isFile = isFileSchema(fields[name]);
    const contentType = textAt(recordAt(body.encoding, name), "contentType")
      ?.split(",", 1)[0]
      ?.trim();
    const items: readonly JsonValue[] = Array.isArray(field) ? field : [field];
    return items.map((item) =>
      isFile ? filePart(name, item, { contentType, tool }) : textPart(name, item, contentType),
    );
  });
  const boundary = `codemode-${randomUUID()}`;
  const type = body.mediaType.includes("*")
    ? "multipart/form-data"
    : body.mediaType.split(";", 1)[0];
  return { bytes: joinParts(parts, boundary), contentType: `${type};boundary=${boundary}` };
}

function filePart(
  name: string,
  value: JsonValue,
  { contentType, tool }: { readonly contentType: string | undefined; readonly tool: string },
): Part {
  const file: FileValue | undefined = readFileValue(value);
  if (!file)
    throw argumentsError(
      tool,
      `"body.${name}" has to be { data: "<base64>", mimeType?, filename? }`,
    );
  const { bytes, filename = name, mimeType = contentType ?? "application/octet-stream" } = file;
  return { name, bytes, filename, contentType: mimeType };
}

function textPart(name: string, value: JsonValue, contentType: string | undefined): Part {
  const bytes = Uint8Array.from(Buffer.from(scalarText(value)));
  const isObject = typeof value === "object" && value !== null;
  return { name, bytes, contentType: contentType ?? (isObject ? "application/json" : undefined) };
}

function joinParts(parts: readonly Part[], boundary: string): Uint8Array<ArrayBuffer> {
  const chunks = parts.flatMap(({ name, bytes, filename, contentType }) => {
    const file = filename === undefined ? "" : `; filename="${quoted(filename)}"`;
    const type = contentType === undefined ? "" : `Content-Type: ${oneLine(contentType)}\r\n`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${file}\r\n${type}\r\n`;
    return [Buffer.from(head), bytes, Buffer.from("\r\n")];
  });
  return Uint8Array.from(Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]));
}

/** As browsers escape names in forms. */
function quoted(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, "%0D%0A").replaceAll('"', "%22");
}

function oneLine(text: string): string {
  return text.replaceAll(/[^\u0020-\u007E]/g, "");
}
