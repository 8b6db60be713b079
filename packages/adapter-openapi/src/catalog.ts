import type { Diagnostic, ToolDefinition } from "@codemode/core";
import { didYouMean } from "@codemode/core";

import type { JsonRecord } from "./json-record.ts";
import type { ListedOperation } from "./list-operations.ts";
import { dropped, listOperations } from "./list-operations.ts";
import type { OpenapiAdapterOptions, OperationFilter } from "./openapi-options.ts";
import { filterOperations } from "./operation-filter.ts";
import type { Operation } from "./read-operation.ts";
import { readOperation } from "./read-operation.ts";
import { createReferenceCheck } from "./reference-check.ts";
import { OperationProblem } from "./references.ts";
import type { SecurityScheme } from "./security.ts";
import { isFilledIn } from "./security.ts";
import type { SpecSource } from "./spec-source.ts";
import { createSpecSource } from "./spec-source.ts";
import { toToolDefinition } from "./tool-definition.ts";

/** A document's operations as tools. */
export interface OperationCatalog {
  readonly source: SpecSource;
  readonly tools: readonly ToolDefinition[];
  readonly operations: ReadonlyMap<string, Operation>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What becomes of the operations. */
export interface CatalogOptions extends Pick<
  OpenapiAdapterOptions,
  "name" | "include" | "exclude" | "auth" | "headers"
> {
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
}

/** Indexes a document: one pass, no schema is copied. A bad operation costs a diagnostic. */
export function createOperationCatalog(
  document: JsonRecord,
  options: CatalogOptions,
): OperationCatalog {
  const source = createSpecSource(document);
  const listing = listOperations(document);
  const diagnostics = [...listing.diagnostics];
  const filtered = filterOperations(listing.operations, options);
  const findProblem = createReferenceCheck(source);
  const operations = new Map<string, Operation>();
  for (const listed of filtered.operations) {
    const { name, method, path } = listed;
    try {
      const operation = readOperation(source, listed);
      findProblem(operation);
      operations.set(name, withoutCredentials(operation, options));
    } catch (error) {
      if (!(error instanceof OperationProblem)) throw error;
      diagnostics.push(
        dropped(`Operation "${name}" (${method.toUpperCase()} ${path})`, error.message),
      );
    }
  }
  diagnostics.push(
    ...filtered.unused.map((filter) => unusedFilter(filter, listing.operations)),
    ...unknownSchemes(options),
  );
  const tools = [...operations.values()].map((one) => toToolDefinition(options.name, source, one));
  return { source, operations, tools, diagnostics };
}

/** What is configured is not asked for again. */
function withoutCredentials(operation: Operation, options: CatalogOptions): Operation {
  const { schemes } = options;
  const parameters = operation.parameters.filter((one) => !isFilledIn(one, schemes, options));
  return { ...operation, parameters };
}

function unknownSchemes({ auth = {}, schemes, name }: CatalogOptions): readonly Diagnostic[] {
  const unknown = Object.keys(auth).filter((scheme) => !schemes.has(scheme));
  return unknown.map((scheme) => {
    const known = [...schemes.keys()].map((one) => `"${one}"`).join(", ");
    const hint = didYouMean(scheme, schemes.keys());
    const there = known === "" ? ' It has none; use "headers".' : ` It has ${known}.`;
    const message = `"auth"."${scheme}" of server "${name}" is no security scheme of its document, and is not sent.${hint || there}`;
    return { code: "AUTH_UNUSED", message };
  });
}

function unusedFilter(filter: OperationFilter, operations: readonly ListedOperation[]): Diagnostic {
  const { tag, path, operationId } = filter;
  const known = [
    [tag, operations.flatMap(({ tags }) => tags)],
    [path, operations.map((operation) => operation.path)],
    [operationId, operations.flatMap(({ operationId: id }) => id ?? [])],
  ] as const;
  const hints = known.flatMap(([wanted, names]) =>
    wanted === undefined ? [] : didYouMean(wanted, new Set(names)),
  );
  const hint = hints.find((text) => text !== "") ?? "";
  const message = `The filter ${JSON.stringify(filter)} matches no operation; correct it or take it away.${hint}`;
  return { code: "FILTER_UNUSED", message };
}
