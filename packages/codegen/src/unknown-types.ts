import type { Diagnostic, JsonSchema } from "@codemode/core";
import { isRecord, nearestNames } from "@codemode/core";

import { nestedSchemas } from "./nested-schemas.ts";

/** The most that is said of one schema. */
const MAX_TOLD = 10;
const MAX_DEPTH = 100;

const STANDARD = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** What other languages and descriptions of services call the types of the standard. */
const MEANT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    string: "str text char date datetime date-time time timestamp uuid uri url email file binary",
    number: "float double decimal numeric real",
    integer: "int int32 int64 long short uint",
    boolean: "bool",
    object: "dict dictionary map record struct hash json",
    array: "list tuple set",
    null: "none nil undefined void",
  }).flatMap(([type, words]) => words.split(" ").map((word) => [word, type] as const)),
);

/** Says of each `type` that is none of the standard's where it stands, and which may be meant. */
export function unknownTypes(what: string, schema: JsonSchema): readonly Diagnostic[] {
  const told: Diagnostic[] = [];
  // Schemas made in this process can share parts, or go round in circles.
  const seen = new Set<unknown>();
  const look = (inner: unknown, path: readonly string[]): void => {
    if (!isRecord(inner) || seen.has(inner) || path.length > MAX_DEPTH) return;
    seen.add(inner);
    const { type } = inner;
    for (const word of Array.isArray(type) ? type : [type]) {
      if (told.length === MAX_TOLD) return;
      if (word !== undefined && !STANDARD.some((known) => known === word))
        told.push(unknownType(what, path, word));
    }
    for (const nested of nestedSchemas(inner)) look(nested.schema, [...path, ...nested.path]);
  };
  look(schema, []);
  return told;
}

function unknownType(what: string, path: readonly string[], word: unknown): Diagnostic {
  const at = path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const place = at === "" ? "" : ` at ${JSON.stringify(at.slice(0, 300))}`;
  const shown = (JSON.stringify(word) ?? typeof word).slice(0, 100);
  const message = `The schema of ${what} has the "type" ${shown}${place}, which JSON Schema does not know; its type is the widest there is.${hint(word)}`;
  return { code: "SCHEMA_TYPE_UNKNOWN", message };
}

function hint(word: unknown): string {
  if (typeof word !== "string" && word !== null) return "";
  const lower = String(word).slice(0, 50).toLowerCase();
  if (lower === "any") return ' Leave "type" out where anything may stand.';
  const meant = MEANT.get(lower) ?? nearestNames(lower, STANDARD)[0];
  return meant === undefined ? "" : ` Did you mean "${meant}"?`;
}
