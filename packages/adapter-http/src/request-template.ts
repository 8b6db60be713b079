import type { JsonValue, TextTemplate } from "@codemode/core";
import { parseTextTemplate, placeholdersOf } from "@codemode/core";

import { optionsError } from "./http-errors.ts";
import type { HttpBody, HttpEndpoint } from "./http-options.ts";

/** A request whose placeholders are still open. */
export interface RequestTemplate {
  readonly method: string;
  /** Scheme, host and port: nothing in them is open. */
  readonly origin: string;
  /** Its segments, without the slashes between them. */
  readonly path: readonly TextTemplate[];
  readonly query: readonly NamedTemplate[];
  readonly headers: readonly NamedTemplate[];
  readonly body: BodyTemplate | undefined;
  /** Every placeholder, once, in the order of the request. */
  readonly names: readonly string[];
}

/** A text under a name. */
export interface NamedTemplate {
  readonly name: string;
  readonly value: TextTemplate;
}

/** What a request carries. */
export type BodyTemplate =
  | { readonly kind: "json"; readonly value: JsonTemplate }
  | { readonly kind: "form"; readonly fields: readonly NamedTemplate[] }
  | { readonly kind: "text"; readonly value: TextTemplate };

/** JSON whose texts are templates. */
export type JsonTemplate =
  | { readonly kind: "value"; readonly value: JsonValue }
  | { readonly kind: "text"; readonly text: TextTemplate }
  | { readonly kind: "list"; readonly items: readonly JsonTemplate[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, JsonTemplate])[] };

/** An endpoint, and how its keys are called in messages. */
export interface EndpointSource {
  readonly server: string;
  /** `` or `endpoints.name.` */
  readonly prefix: string;
  readonly url: string;
  readonly urlKey: string;
  readonly endpoint: HttpEndpoint;
  /** Of the whole file; the endpoint's own win. */
  readonly commonHeaders: Readonly<Record<string, string>>;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"]);
// What the connection itself is made of.
const FORBIDDEN =
  /^(?:host|content-length|transfer-encoding|connection|upgrade|te|trailer|expect|keep-alive)$/i;

/** Reads a request's templates. Throws `CONFIG_INVALID`. */
export function parseRequest(source: EndpointSource): RequestTemplate {
  const { server, prefix, endpoint, commonHeaders } = source;
  const fail = (key: string, problem: string): never => {
    throw optionsError(server, `${prefix}${key}`, problem);
  };
  const read = (key: string, text: string): TextTemplate => {
    try {
      return parseTextTemplate(text);
    } catch (error) {
      if (error instanceof SyntaxError) return fail(key, error.message);
      throw error;
    }
  };
  const body = endpoint.body && parseBody(endpoint.body, { read, fail });
  const method = (endpoint.method ?? (body ? "POST" : "GET")).toUpperCase();
  if (!METHODS.has(method)) fail("method", `must be one of ${[...METHODS].join(", ")}`);
  if (body && (method === "GET" || method === "HEAD"))
    fail("body", `cannot be sent with ${method}; take one of them away`);
  const named = (key: string, texts: Readonly<Record<string, unknown>>): readonly NamedTemplate[] =>
    Object.entries(texts).map(([name, text]) => ({
      name,
      value: read(`${key}.${name}`, String(text)),
    }));
  const headers = named("headers", { ...commonHeaders, ...endpoint.headers });
  for (const { name, value } of headers) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) fail(`headers.${name}`, "is no name of a header");
    if (FORBIDDEN.test(name)) fail(`headers.${name}`, "is set by the connection; take it away");
    if (value.some((part) => "text" in part && !isHeaderText(part.text)))
      fail(`headers.${name}`, "holds a character that no header can have");
  }
  const { origin, path, query } = parseUrl(source, read);
  const open = {
    path,
    query: [...query, ...named("query", endpoint.query ?? {})],
    headers,
    body,
  };
  return { method, origin, ...open, names: namesOf(open) };
}

/** Whether a header can hold a text: no line ends, and nothing beyond Latin 1. */
export function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7E\x80-\xFF]*$/.test(text);
}

type ReadText = (key: string, text: string) => TextTemplate;

function parseUrl(
  { server, urlKey, url }: EndpointSource,
  read: ReadText,
): Pick<RequestTemplate, "origin" | "path" | "query"> {
  const fail = (problem: string): never => {
    throw optionsError(server, urlKey, problem);
  };
  const parts = /^(https?:\/\/[^/?#\\]+)([^?#]*)(?:\?([^#]*))?(#.*)?$/i.exec(url);
  const [, place = "", path = "", query = "", fragment] =
    parts ?? fail("must begin with http:// or https:// and a host");
  if (/[{}]/.test(place)) fail("has a placeholder in its scheme or host, which are fixed");
  if (!URL.canParse(place)) fail("is no URL");
  const { origin, username, password } = new URL(place);
  if (username !== "" || password !== "") fail('holds credentials; write them below "auth"');
  if (fragment !== undefined) fail('has a "#", which is never sent; take it away');
  if (path.includes("\\")) fail('has a "\\" in its path; write "/"');
  const segments = path.split("/").slice(1);
  if (segments.some((segment) => isDots(segment)))
    fail('has a "." or ".." in its path; write it out');
  return {
    origin,
    path: segments.map((segment) => read("url", segment)),
    query: [...new URLSearchParams(query)].map(([name, text]) => ({
      name,
      value: read("url", text),
    })),
  };
}

/** Whether a segment leads to another folder, in any spelling that URLs know. */
export function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

interface BodyContext {
  readonly read: ReadText;
  readonly fail: (key: string, problem: string) => never;
}

function parseBody({ json, form, text }: HttpBody, { read, fail }: BodyContext): BodyTemplate {
  const given = [json, form, text].filter((one) => one !== undefined);
  if (given.length !== 1) return fail("body", "needs exactly one of json, form and text");
  if (text !== undefined) return { kind: "text", value: read("body.text", text) };
  if (form !== undefined) {
    const fields = Object.entries(form).map(([name, value]) => ({
      name,
      value: read(`body.form.${name}`, String(value)),
    }));
    return { kind: "form", fields };
  }
  return { kind: "json", value: parseJson(json ?? null, (value) => read("body.json", value)) };
}

function parseJson(value: JsonValue, read: (text: string) => TextTemplate): JsonTemplate {
  if (typeof value === "string") return { kind: "text", text: read(value) };
  if (typeof value !== "object" || value === null) return { kind: "value", value };
  if (isList(value)) return { kind: "list", items: value.map((item) => parseJson(item, read)) };
  const entries = Object.entries(value).map(([key, item]) => [key, parseJson(item, read)] as const);
  return { kind: "object", entries };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function namesOf({
  path,
  query,
  headers,
  body,
}: Pick<RequestTemplate, "path" | "query" | "headers" | "body">): readonly string[] {
  const named = [...query, ...headers].flatMap(({ value }) => placeholdersOf(value));
  return [
    ...new Set([...path.flatMap(placeholdersOf), ...named, ...(body ? namesInBody(body) : [])]),
  ];
}

function namesInBody(body: BodyTemplate): readonly string[] {
  if (body.kind === "json") return namesInJson(body.value);
  if (body.kind === "text") return placeholdersOf(body.value);
  return body.fields.flatMap(({ value }) => placeholdersOf(value));
}

function namesInJson(json: JsonTemplate): readonly string[] {
  switch (json.kind) {
    case "text":
      return placeholdersOf(json.text);
    case "list":
      return json.items.flatMap(namesInJson);
    case "object":
      return json.entries.flatMap(([, item]) => namesInJson(item));
    default:
      return [];
  }
}
