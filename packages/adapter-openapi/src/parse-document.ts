import { CodemodeError, isRecord } from "@codemode/core";
import { YAMLException } from "js-yaml";

import { readDocumentText, withinSize } from "./document-text.ts";
import type { JsonRecord } from "./json-record.ts";
import { textAt } from "./json-record.ts";

/** Where a document came from, for messages. */
export interface DocumentPlace {
  readonly server: string;
  /** The path or URL as it was given, or `the given object`. */
  readonly place: string;
}

/** Reads JSON or YAML. Throws `SERVER_PROTOCOL` with the place, the line and the next step. */
export function parseSpecText(text: string, from: DocumentPlace): JsonRecord {
  return checkVersion(parseText(text, from), from);
}

/** The same of a document that need not be whole by itself. */
export function parseText(text: string, from: DocumentPlace): unknown {
  if (/^\s*</.test(text)) throw broken(from, "is a page of HTML or XML", undefined);
  try {
    return readDocumentText(text);
  } catch (error) {
    const { reason, mark } = error instanceof YAMLException ? error : { reason: messageOf(error) };
    const line = mark ? `:${mark.line + 1}:${mark.column + 1}` : "";
    const place = { ...from, place: from.place + line };
    throw broken(place, `is no valid YAML or JSON: ${reason}`, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An object that was given: as a text it could not hold itself. Throws `SERVER_PROTOCOL`. */
export function checkSpecObject(value: unknown, from: DocumentPlace): JsonRecord {
  try {
    return checkVersion(withinSize(value), from);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw broken(from, `cannot be read: ${error.message}`, error);
  }
}

/** Throws `SERVER_PROTOCOL` for what is no OpenAPI document of a version that is understood. */
function checkVersion(value: unknown, from: DocumentPlace): JsonRecord {
  if (!isRecord(value)) throw broken(from, "is no object, so no OpenAPI document", undefined);
  const version = versionOf(value);
  if (version === undefined) {
    throw broken(
      from,
      'has neither "openapi" nor "swagger" at its top, so it is no OpenAPI document',
      undefined,
    );
  }
  if (!/^(2\.0|3\.[012])(\.|$|-)/.test(version)) {
    throw broken(
      from,
      `is of version ${JSON.stringify(version)}; 2.0, 3.0 and 3.1 are understood`,
      undefined,
    );
  }
  if (!isRecord(value["paths"]) && !isRecord(value["webhooks"]) && !isRecord(value["components"])) {
    throw broken(from, 'has no "paths", so there is nothing to call', undefined);
  }
  return value;
}

function versionOf(value: JsonRecord): string | undefined {
  const given = value["openapi"] ?? value["swagger"];
  // Unquoted in YAML, `2.0` is a number.
  if (typeof given === "number") return given.toFixed(1);
  return textAt(value, "openapi") ?? textAt(value, "swagger");
}

function broken({ server, place }: DocumentPlace, what: string, cause: unknown): CodemodeError {
  const message = `The document of server "${server}", ${place}, ${what}. Correct it, or point "spec" to the right one.`;
  return new CodemodeError("SERVER_PROTOCOL", message, { cause });
}
