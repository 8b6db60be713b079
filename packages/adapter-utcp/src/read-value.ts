import { isUtf8 } from "node:buffer";

import type { HttpAnswer } from "@codemode/adapter-openapi/http";
import { readDocumentText } from "@codemode/adapter-openapi/http";
import type { JsonValue } from "@codemode/core";
import { parseJson } from "@codemode/core";

import type { WebTemplate } from "./call-template-schema.ts";
import { eventValues, streamValue } from "./read-stream.ts";
import { toValue } from "./to-value.ts";

/** The value of a successful answer. Throws an `Error` for broken JSON or YAML. */
export function readValue(answer: HttpAnswer, template: WebTemplate): JsonValue {
  const { bytes } = answer;
  if (bytes.byteLength === 0) return template.call_template_type === "http" ? null : [];
  const type = (answer.headers.get("content-type") ?? "").toLowerCase();
  if (!isUtf8(bytes))
    return { mimeType: type || "application/octet-stream", data: toBase64(bytes) };
  const text = new TextDecoder().decode(bytes);
  if (template.call_template_type === "sse") return eventValues(text, template.event_type);
  if (template.call_template_type === "streamable_http") return streamValue(text, type);
  if (/\byaml\b/.test(type)) return toJson(readDocumentText(text));
  return /^application\/(?:[^;]*\+)?json/.test(type) ? parseJson(text) : toValue(text);
}

function toJson(value: unknown): JsonValue {
  const json: JsonValue = JSON.parse(JSON.stringify(value ?? null));
  return json;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
