import type { JsonObject, JsonValue } from "@codemode/core";
import { argumentsError } from "@codemode/core";

import { buildBody } from "./build-body.ts";
import type { BuiltBody } from "./built-body.ts";
import { escapeUrl, pathText, queryEscape, queryPairs } from "./parameter-values.ts";
import type { Operation } from "./read-operation.ts";
import type { Parameter } from "./read-parameters.ts";
import type { SpecSource } from "./spec-source.ts";

/** A request without credentials. */
export interface BuiltRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: BuiltBody["bytes"];
}

/** What a request is made of. */
export interface RequestParts {
  readonly source: SpecSource;
  readonly operation: Operation;
  readonly base: URL;
  readonly args: JsonObject;
  /** Canonical name, for messages. */
  readonly tool: string;
}

/** Writes the arguments as the document wants them. Throws `INVALID_ARGUMENTS`. */
export function buildRequest(parts: RequestParts): BuiltRequest {
  const { operation, args, tool, source } = parts;
  const headers = new Headers({ accept: operation.answer.accept });
  const cookies: string[] = [];
  for (const { parameter, value } of given(parts)) {
    if (parameter.place === "header") setHeader(headers, { parameter, value, tool });
    if (parameter.place === "cookie") cookies.push(...pairs(parameter, value));
  }
  if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
  const { bytes, contentType } = buildBody({ source, operation, value: args["body"], tool });
  if (contentType !== undefined) headers.set("content-type", contentType);
  return { method: operation.method.toUpperCase(), url: buildUrl(parts), headers, body: bytes };
}

interface GivenParameter {
  readonly parameter: Parameter;
  readonly value: JsonValue;
}

function given({ operation, args, tool }: RequestParts): readonly GivenParameter[] {
  return operation.parameters.flatMap((parameter) => {
    const { argument, required } = parameter;
    const value = Object.hasOwn(args, argument) ? args[argument] : undefined;
    if (value !== undefined) return [{ parameter, value }];
    if (required) throw argumentsError(tool, `"${argument}" is missing`);
    return [];
  });
}

function buildUrl(parts: RequestParts): URL {
  const { operation, base, tool } = parts;
  const values = given(parts);
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    const one = values.find(
      ({ parameter }) => parameter.place === "path" && parameter.name === name,
    );
    return one ? pathValue(one, tool) : whole;
  });
  refuseDotSegments(path, tool);
  const url = new URL(base);
  // Some documents tell operations of one path apart by a query.
  const [pathname = "", fixed = ""] = path.split("?");
  url.pathname = url.pathname.replace(/\/$/, "") + pathname;
  const query = values
    .filter(({ parameter }) => parameter.place === "query")
    .flatMap(({ parameter, value }) => pairs(parameter, value));
  url.search = [url.search.slice(1), fixed, ...query].filter((part) => part !== "").join("&");
  return url;
}

function pathValue({ parameter, value }: GivenParameter, tool: string): string {
  const { name, style, explode, mediaType, argument } = parameter;
  const text =
    mediaType === undefined
      ? pathText(value, { name, style, explode, escape: escapeUrl })
      : escapeUrl(JSON.stringify(value));
  if (text === "")
    throw argumentsError(tool, `"${argument}" is empty, and it is a part of the path`);
  return text;
}

/** `..` as a value would lead to another operation's path. */
function refuseDotSegments(path: string, tool: string): void {
  if (path.split("/").some((segment) => /^(\.|%2e){1,2}$/i.test(segment)))
    throw argumentsError(tool, 'a part of the path would be "." or "..", which leads elsewhere');
}

function pairs(parameter: Parameter, value: JsonValue): readonly string[] {
  const { name, style, explode, mediaType } = parameter;
  const escape = queryEscape(parameter);
  if (mediaType !== undefined) return [`${escapeUrl(name)}=${escape(JSON.stringify(value))}`];
  return queryPairs(value, { name, style, explode, escape }).map((pair) => pair.join("="));
}

// Visible characters of Latin-1, spaces and tabs: all that a header can hold.
const HEADER_VALUE = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

/** Whether a text can be a header's value. */
export function isHeaderValue(text: string): boolean {
  return HEADER_VALUE.test(text);
}

function setHeader(
  headers: Headers,
  { parameter, value, tool }: GivenParameter & { readonly tool: string },
): void {
  const { name, style, explode, mediaType, argument } = parameter;
  const text =
    mediaType === undefined
      ? pathText(value, { name, style, explode, escape: (part) => part })
      : JSON.stringify(value);
  if (!isHeaderValue(text))
    throw argumentsError(tool, `"${argument}" holds characters that a header cannot have`);
  headers.set(name, text);
}
