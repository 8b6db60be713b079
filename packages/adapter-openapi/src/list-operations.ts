import type { Diagnostic } from "@codemode/core";
import { isRecord } from "@codemode/core";

import { freeName } from "./free-name.ts";
import type { JsonRecord } from "./json-record.ts";
import { listAt, recordAt, textAt } from "./json-record.ts";
import { follow, OperationProblem } from "./references.ts";

/** The methods that can be operations, in the order of a listing. */
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"] as const;

/** One of `METHODS`. */
export type Method = (typeof METHODS)[number];

/** One operation as the document has it: nothing in it is resolved yet. */
export interface ListedOperation {
  /** The tool's name: the operationId, or made of method and path. */
  readonly name: string;
  readonly operationId: string | undefined;
  readonly method: Method;
  readonly path: string;
  readonly tags: readonly string[];
  readonly raw: JsonRecord;
  readonly pathItem: JsonRecord;
}

/** All operations, in the document's order, and what is wrong with the others. */
export interface OperationListing {
  readonly operations: readonly ListedOperation[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the paths. Names depend on the document alone, never on what is included. */
export function listOperations(document: JsonRecord): OperationListing {
  const diagnostics: Diagnostic[] = [];
  const found: Omit<ListedOperation, "name">[] = [];
  for (const [path, value] of Object.entries(recordAt(document, "paths"))) {
    if (path.startsWith("x-")) continue;
    const pathItem = readPathItem(document, value);
    if (!path.startsWith("/") || typeof pathItem === "string") {
      const why = typeof pathItem === "string" ? pathItem : 'does not begin with "/"';
      diagnostics.push(dropped(`The path ${JSON.stringify(path)}`, why));
      continue;
    }
    if (pathItem["trace"] !== undefined)
      diagnostics.push(dropped(`TRACE ${path}`, "would give credentials back, and is not sent"));
    for (const method of METHODS) {
      const raw = pathItem[method];
      if (raw === undefined) continue;
      if (isRecord(raw)) found.push({ ...identity(raw), method, path, raw, pathItem });
      else diagnostics.push(dropped(`${method.toUpperCase()} ${path}`, "is no object"));
    }
  }
  return { operations: withNames(found, diagnostics), diagnostics };
}

/** Said of an operation that is left out. */
export function dropped(what: string, why: string): Diagnostic {
  return { code: "OPERATION_DROPPED", message: `${what} ${why}; it is left out.` };
}

function readPathItem(document: JsonRecord, value: unknown): JsonRecord | string {
  try {
    return follow(document, value, "a value");
  } catch (error) {
    if (error instanceof OperationProblem) return error.message;
    throw error;
  }
}

function identity(raw: JsonRecord): Pick<ListedOperation, "operationId" | "tags"> {
  const tags = listAt(raw, "tags").filter((tag) => typeof tag === "string");
  return { operationId: textAt(raw, "operationId")?.trim(), tags };
}

// What can be typed, and told in one line.
const USABLE_ID = /^[^\p{C}\p{Z}]{1,200}$/u;

/** The first operation of an id keeps it; names of method and path follow, and never take another's id. */
function withNames(
  found: readonly Omit<ListedOperation, "name">[],
  diagnostics: Diagnostic[],
): readonly ListedOperation[] {
  const byId = new Map<string, Omit<ListedOperation, "name">>();
  for (const operation of found) {
    const { operationId: id, method, path } = operation;
    if (id === undefined) continue;
    const why = USABLE_ID.test(id) ? "is taken" : "is no name";
    if (why === "is no name" || byId.has(id)) {
      const message = `The operationId ${JSON.stringify(id.slice(0, 200))} of ${method.toUpperCase()} ${path} ${why}; the tool is named after its path.`;
      diagnostics.push({ code: "OPERATION_RENAMED", message });
    } else byId.set(id, operation);
  }
  const taken = new Set(byId.keys());
  return found.map((operation) => {
    const { operationId: id } = operation;
    if (id !== undefined && byId.get(id) === operation) return { name: id, ...operation };
    const name = freeName(nameOfPath(operation.method, operation.path), taken);
    taken.add(name);
    return { name, ...operation };
  });
}

/** `GET /pets/{petId}` -> `get_pets_petId`. */
function nameOfPath(method: Method, path: string): string {
  const words = path.replaceAll(/[^A-Za-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return words === "" ? method : `${method}_${words}`.slice(0, 128);
}
