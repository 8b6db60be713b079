import type { JsonObject, JsonValue, ToolCall } from "@codemode/core";
import { argumentsError } from "@codemode/core";

import { headerName, headerText } from "./auth-schema.ts";
import type { WebTemplate } from "./call-template-schema.ts";

/** A request without its credentials. */
export interface BuiltRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** Arguments go where the template says: its path, headers and body; all others into the query. */
export function buildRequest({ tool, args }: ToolCall, template: WebTemplate): BuiltRequest {
  const rest = new Map(Object.entries(args));
  const take = (name: string): JsonValue | undefined => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const headers = toHeaders(template, take, tool);
  const { body_field: bodyField, content_type: contentType } = template;
  const content = bodyField ? take(bodyField) : undefined;
  const url = toUrl(template.url, take, tool);
  for (const [name, value] of rest) addToQuery(url, name, value);
  if (content !== undefined && !headers.has("content-type"))
    headers.set("content-type", contentType);
  const body = content === undefined ? undefined : toBody(content, headers.get("content-type"));
  return { method: methodOf(template, content !== undefined), url, headers, body };
}

type Take = (name: string) => JsonValue | undefined;

function toHeaders(template: WebTemplate, take: Take, tool: string): Headers {
  const headers = new Headers(template.headers ?? {});
  for (const name of template.header_fields ?? []) {
    const value = take(name);
    if (value === undefined || value === null) continue;
    const text = headerText.safeParse(toText(value));
    if (!text.success || !headerName.safeParse(name).success)
      throw argumentsError(tool, `"${name}" holds characters that a header cannot have`);
    headers.set(name, text.data);
  }
  if (template.call_template_type === "sse" && !headers.has("accept"))
    headers.set("accept", "text/event-stream");
  return headers;
}

const PLACEHOLDER = /\{([^{}]+)\}/g;

/** A value stays within its part of the path, whatever is in it. */
function toUrl(url: string, take: Take, tool: string): URL {
  const values = new Map<string, string>();
  const filled = url.replaceAll(PLACEHOLDER, (_found, name: string) => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const value = take(name);
    if (value === undefined || value === null || value === "")
      throw argumentsError(tool, `"${name}" is missing, and is a part of the URL`);
    const text = encodeURIComponent(toText(value).toWellFormed());
    if (/^\.{1,2}$/.test(text))
      throw argumentsError(tool, `"${name}" cannot be "${text}" in a URL`);
    values.set(name, text);
    return text;
  });
  return new URL(filled);
}

function addToQuery(url: URL, name: string, value: JsonValue): void {
  if (value === null) return;
  const items = Array.isArray(value) ? value : [value];
  for (const item of items) url.searchParams.append(name, toText(item));
}

function toText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toBody(value: JsonValue, contentType: string | null): string {
  const isForm = contentType?.startsWith("application/x-www-form-urlencoded") ?? false;
  if (isForm && isObject(value)) {
    const form = new URLSearchParams();
    for (const [key, item] of Object.entries(value)) form.append(key, toText(item));
    return form.toString();
  }
  const isJson = /^application\/(?:[^;]*\+)?json/i.test(contentType ?? "");
  return isJson ? JSON.stringify(value) : toText(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function methodOf(template: WebTemplate, hasBody: boolean): string {
  if (template.call_template_type === "sse") return hasBody ? "POST" : "GET";
  return template.http_method;
}
