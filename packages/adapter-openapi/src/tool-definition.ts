import type { JsonSchema, ToolAnnotations, ToolDefinition } from "@codemode/core";
import { canonicalName } from "@codemode/core";

import { textAt } from "./json-record.ts";
import type { Method } from "./list-operations.ts";
import type { Operation } from "./read-operation.ts";
import { OperationProblem } from "./references.ts";
import type { SpecSource } from "./spec-source.ts";
import { inputSchemaOf, outputSchemaOf } from "./tool-schemas.ts";

/** The operation as a tool of the catalog. Its schemas are bundled when they are first read. */
export function toToolDefinition(
  server: string,
  source: SpecSource,
  operation: Operation,
): ToolDefinition {
  const { name, method, path, operationId, tags } = operation;
  const input = lazily(() => withoutProblems(() => inputSchemaOf(source, operation), ANYTHING));
  const output = lazily(() => withoutProblems(() => outputSchemaOf(source, operation), undefined));
  const definition = {
    server,
    name,
    canonicalName: canonicalName(server, name),
    description: describe(operation),
    inputExamples: [],
    deferLoading: false,
    annotations: annotate(operation),
    tags,
    meta: { method, path, ...(operationId === undefined ? {} : { operationId }) },
    get inputSchema() {
      return input();
    },
    get outputSchema() {
      return output();
    },
  };
  return definition;
}

const ANYTHING: JsonSchema = { type: "object" };

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The references were checked when the operation was listed; what is still wrong costs the types only. */
function withoutProblems<Value>(make: () => Value, otherwise: Value): Value {
  try {
    return make();
  } catch (error) {
    if (error instanceof OperationProblem) return otherwise;
    throw error;
  }
}

function describe({ raw, method, path, isDeprecated }: Operation): string {
  const texts = [textAt(raw, "summary"), textAt(raw, "description")];
  const said = [...new Set(texts.filter((text) => text !== undefined).map((text) => text.trim()))];
  const text = said.length > 0 ? said.join("\n\n") : `${method.toUpperCase()} ${path}`;
  return isDeprecated ? `Deprecated. ${text}` : text;
}

const READS = new Set<Method>(["get", "head", "options"]);

function annotate({ method, raw }: Operation): ToolAnnotations {
  const title = textAt(raw, "summary");
  return {
    ...(title === undefined ? {} : { title: title.trim() }),
    ...(READS.has(method) ? { readOnlyHint: true } : {}),
    ...(method === "put" || method === "delete" ? { idempotentHint: true } : {}),
    ...(method === "delete" ? { destructiveHint: true } : {}),
  };
}
