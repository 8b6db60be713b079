import { CodemodeError } from "@codemode/core";
import { LineCounter, parseDocument } from "yaml";

import type { JsonRecord } from "./json-record.ts";
import { isRecord, textAt } from "./json-record.ts";

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

function parseText(text: string, from: DocumentPlace): unknown {
  const start = text.trimStart()[0];
  if (start === "{") {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      // YAML takes it too, and where it does not, it knows the line.
    }
  }
  if (start === "<") throw broken(from, "is a page of HTML or XML", undefined);
  const lines = new LineCounter();
  // Specifications share texts by merge keys; more aliases than that are an attack.
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const [fault] = document.errors;
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw broken(
      { ...from, place: `${from.place}:${line}:${col}` },
      `is no valid YAML or JSON: ${fault.message}`,
      fault,
    );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw broken(from, `cannot be read: ${reason}`, error);
  }
}

/** Throws `SERVER_PROTOCOL` for what is no OpenAPI document of a version that is understood. */
export function checkVersion(value: unknown, from: DocumentPlace): JsonRecord {
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
