import type { JsonValue } from "@codemode/core";
import { argumentsError, isRecord } from "@codemode/core";

import type { BuiltBody } from "./built-body.ts";
import { readFileValue } from "./file-value.ts";
import { bodyKind, essenceOf } from "./media-type.ts";
import { buildMultipart } from "./multipart.ts";
import { escapeUrl, queryPairs, scalarText } from "./parameter-values.ts";
import type { Operation, RequestBody } from "./read-operation.ts";
import type { ParameterStyle } from "./read-parameters.ts";
import type { SpecSource } from "./spec-source.ts";

/** What a body is made of. */
export interface BodyParts {
  readonly source: SpecSource;
  readonly operation: Operation;
  readonly value: JsonValue | undefined;
  readonly tool: string;
}

/** Writes the argument `body` in the operation's media type. Throws `INVALID_ARGUMENTS`. */
export function buildBody({ source, operation, value, tool }: BodyParts): BuiltBody {
  const { body } = operation;
  if (body === undefined || value === undefined) {
    if (body?.required === true) throw argumentsError(tool, '"body" is missing');
    return { bytes: undefined, contentType: undefined };
  }
  switch (bodyKind(body.mediaType)) {
    case "json":
      return {
        bytes: JSON.stringify(value),
        contentType: concrete(body.mediaType, "application/json"),
      };
    case "form":
      return { bytes: buildForm(body, value, tool), contentType: body.mediaType };
    case "multipart":
      return buildMultipart(source, body, { value, tool });
    case "text":
      if (typeof value !== "string") throw argumentsError(tool, '"body" has to be a text');
      return { bytes: value, contentType: textType(body.mediaType) };
    default:
      return buildBytes(body, value, tool);
  }
}

/** In a form a space is a plus sign. */
function escapeForm(text: string): string {
  return escapeUrl(text).replaceAll("%20", "+");
}

/** A media type, where the document has a range. */
function concrete(mediaType: string, otherwise: string): string {
  return mediaType.includes("*") ? otherwise : mediaType;
}

function textType(mediaType: string): string {
  const type = concrete(mediaType, "text/plain");
  return type.includes("charset=") ? type : `${type};charset=utf-8`;
}

function buildBytes(body: RequestBody, value: JsonValue, tool: string): BuiltBody {
  const file = readFileValue(value);
  if (!file) throw argumentsError(tool, '"body" has to be { data: "<base64>", mimeType? }');
  const { mediaType } = body;
  const own = file.mimeType ?? "application/octet-stream";
  // Only a range leaves a choice; a line break in a header would begin another one.
  const isUsable =
    mediaType.includes("*") &&
    /^[\w.+-]+\/[\w.+-]+(;[ \w=.+-]+)?$/.test(own) &&
    inRange(own, mediaType);
  return {
    bytes: file.bytes,
    contentType: isUsable ? own : concrete(mediaType, "application/octet-stream"),
  };
}

function inRange(mediaType: string, range: string): boolean {
  const [type] = essenceOf(range).split("/");
  return type === "*" || essenceOf(mediaType).startsWith(`${type}/`);
}

function buildForm(body: RequestBody, value: JsonValue, tool: string): string {
  if (!isRecord(value)) throw argumentsError(tool, '"body" has to be an object');
  return Object.entries<JsonValue>(value)
    .flatMap(([name, field]) => formPairs(body, { name, field }))
    .map((pair) => pair.join("="))
    .join("&");
}

interface FormField {
  readonly name: string;
  readonly field: JsonValue;
}

function formPairs(
  body: RequestBody,
  { name, field }: FormField,
): readonly (readonly [string, string])[] {
  const encoding = isRecord(body.encoding[name]) ? body.encoding[name] : {};
  const { style, explode } = encoding;
  const known = FORM_STYLES.find((one) => one === style);
  // Without a style, a list is a field repeated and an object is JSON.
  if (known === undefined && isRecord(field))
    return [[escapeForm(name), escapeForm(scalarText(field))]];
  const form = { name, escape: escapeForm, style: known ?? "form" };
  return queryPairs(field, {
    ...form,
    explode: typeof explode === "boolean" ? explode : (known ?? "form") === "form",
  });
}

const FORM_STYLES: readonly ParameterStyle[] = [
  "form",
  "spaceDelimited",
  "pipeDelimited",
  "deepObject",
];
