import type { JsonValue, TextTemplate } from "@codemode/core";

import { fillText, soleName } from "./fill-text.ts";
import type { HttpAuth } from "./http-options.ts";
import type {
  BodyTemplate,
  JsonTemplate,
  NamedTemplate,
  RequestTemplate,
} from "./request-template.ts";
import { isDots, isHeaderText } from "./request-template.ts";

/** A request that can be sent. */
export interface FilledRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A request, or what is wrong with the values. */
export interface Filled {
  readonly request: FilledRequest;
  readonly problems: readonly string[];
}

/** The values of a call by the names of its placeholders; absent ones are not there. */
export type HttpValues = ReadonlyMap<string, JsonValue>;

const ACCEPT = "application/json, text/plain;q=0.9, */*;q=0.5";

/** Fills in a request. Whatever is in a value, it stays within its segment, field or header. */
export function fillRequest(
  template: RequestTemplate,
  values: HttpValues,
  auth: HttpAuth | undefined,
): Filled {
  const problems: string[] = [];
  const body = template.body && fillBody(template.body, values);
  const headers: Record<string, string> = {
    accept: ACCEPT,
    "user-agent": "codemode",
    ...(body === undefined ? {} : { "content-type": body.type }),
  };
  for (const { name, value } of template.headers) {
    const text = fillText(value, (key) => textOf(values.get(key)));
    if (text !== undefined && !isHeaderText(text))
      problems.push(`${nameIn(value)}: holds a character that no header can have`);
    else if (text !== undefined) headers[name.toLowerCase()] = text.trim();
  }
  const segments = template.path.map((segment) => fillSegment(segment, values, problems));
  const query = new URLSearchParams(template.query.flatMap((entry) => fillField(entry, values)));
  const key = auth?.apiKey;
  if (key?.query !== undefined) query.set(key.query, key.value);
  Object.assign(headers, authHeaders(auth));
  const path = segments.map((segment) => `/${segment}`).join("");
  const search = query.size === 0 ? "" : `?${query.toString()}`;
  const url = `${template.origin}${path}${search}`;
  return { request: { method: template.method, url, headers, body: body?.text }, problems };
}

function authHeaders(auth: HttpAuth | undefined): Readonly<Record<string, string>> {
  if (auth?.bearer !== undefined) return { authorization: `Bearer ${auth.bearer}` };
  if (auth?.basic) {
    const { username, password } = auth.basic;
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  }
  const key = auth?.apiKey;
  return key?.header === undefined ? {} : { [key.header.toLowerCase()]: key.value };
}

/** One segment of the path: a slash in a value is encoded, and dots lead nowhere. */
function fillSegment(segment: TextTemplate, values: HttpValues, problems: string[]): string {
  const raw = fillText(segment, (name) => textOf(values.get(name)) ?? "") ?? "";
  const isOpen = segment.some((part) => "name" in part);
  const text = segment
    .map((part) =>
      "text" in part ? encodeLiteral(part.text) : encodeText(textOf(values.get(part.name)) ?? ""),
    )
    .join("");
  if (isOpen && raw === "") problems.push(`${nameIn(segment)}: must not be empty in a path`);
  if (isOpen && isDots(text))
    problems.push(`${nameIn(segment)}: must not be "." or ".." in a path`);
  return text;
}

/** The author's own text may be encoded already. */
function encodeLiteral(text: string): string {
  return encodeURI(text).replaceAll("%25", "%");
}

function encodeText(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function nameIn(template: TextTemplate): string {
  const part = template.find((one) => "name" in one);
  return part && "name" in part ? part.name : "value";
}

/** A field with each of its values; none where a value is missing. */
function fillField({ name, value }: NamedTemplate, values: HttpValues): [string, string][] {
  const sole = soleName(value);
  const given = sole === undefined ? undefined : values.get(sole);
  if (Array.isArray(given)) return given.map((item) => [name, textOf(item) ?? ""]);
  const text = fillText(value, (key) => textOf(values.get(key)));
  return text === undefined ? [] : [[name, text]];
}

function fillBody(
  body: BodyTemplate,
  values: HttpValues,
): { readonly type: string; readonly text: string } {
  if (body.kind === "text") {
    const text = fillText(body.value, (name) => textOf(values.get(name)) ?? "") ?? "";
    return { type: "text/plain; charset=utf-8", text };
  }
  if (body.kind === "form") {
    const fields = new URLSearchParams(body.fields.flatMap((field) => fillField(field, values)));
    return { type: "application/x-www-form-urlencoded", text: fields.toString() };
  }
  return { type: "application/json", text: JSON.stringify(fillJson(body.value, values) ?? null) };
}

/** JSON with its values; `undefined` where one is missing, so that its key is left out. */
function fillJson(json: JsonTemplate, values: HttpValues): JsonValue | undefined {
  switch (json.kind) {
    case "value":
      return json.value;
    case "text": {
      const sole = soleName(json.text);
      if (sole !== undefined) return values.get(sole);
      return fillText(json.text, (name) => textOf(values.get(name)));
    }
    case "list":
      return json.items
        .map((item) => fillJson(item, values))
        .filter((value) => value !== undefined);
    default: {
      const entries = json.entries.flatMap(([key, item]) => {
        const value = fillJson(item, values);
        return value === undefined ? [] : [[key, value] as const];
      });
      return Object.fromEntries(entries);
    }
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string") return value;
  return Array.isArray(value)
    ? value.map((item) => textOf(item) ?? "").join(",")
    : JSON.stringify(value);
}
