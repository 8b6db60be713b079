import { isRecord } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";

/** What is wrong with one operation, as the end of a sentence about it. */
export class OperationProblem extends Error {
  override readonly name = "OperationProblem";
}

// A chain of references that is longer leads in a circle.
const MAX_HOPS = 32;

/** What a JSON pointer of the same document (`#/components/schemas/Pet`) names. */
export function lookUp(document: JsonRecord, reference: string): unknown {
  if (reference === "#") return document;
  if (!reference.startsWith("#/")) {
    throw new OperationProblem(
      `refers to ${JSON.stringify(reference)}, which cannot be read: only files in the folder of the document, or of its origin, are`,
    );
  }
  let found: unknown = document;
  for (const key of pointerKeys(reference)) {
    const holder = typeof found === "object" && found !== null ? found : {};
    found = Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
    if (found === undefined) {
      throw new OperationProblem(`refers to ${JSON.stringify(reference)}, which is not there`);
    }
  }
  return found;
}

/** The keys of a JSON pointer in a URL's fragment. */
export function pointerKeys(reference: string): readonly string[] {
  return reference
    .slice(2)
    .split("/")
    .map((key) => decoded(key).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}

/** The object itself, or the one that its `$ref` leads to. Throws an `OperationProblem`. */
export function follow(document: JsonRecord, value: unknown, what: string): JsonRecord {
  let found = value;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    if (!isRecord(found)) throw new OperationProblem(`has ${what} that is no object`);
    if (typeof found["$ref"] !== "string") return found;
    found = lookUp(document, found["$ref"]);
  }
  throw new OperationProblem(`has ${what} whose references lead in a circle`);
}
