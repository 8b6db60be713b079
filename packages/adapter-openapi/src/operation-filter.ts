import { matchesGlob } from "node:path/posix";

import type { ListedOperation } from "./list-operations.ts";
import type { OperationFilter } from "./openapi-options.ts";

/** The operations that become tools, and the filters that matched nothing. */
export interface FilteredOperations {
  readonly operations: readonly ListedOperation[];
  readonly unused: readonly OperationFilter[];
}

/** Keeps what an `include` names, or all where there is none, without what an `exclude` names. */
export function filterOperations(
  operations: readonly ListedOperation[],
  { include = [], exclude = [] }: FilterOptions,
): FilteredOperations {
  const used = new Set<OperationFilter>();
  const matchesOne = (filters: readonly OperationFilter[], operation: ListedOperation): boolean => {
    const hits = filters.filter((filter) => matches(filter, operation));
    for (const hit of hits) used.add(hit);
    return hits.length > 0;
  };
  const kept = operations.filter((operation) => {
    const included = include.length === 0 || matchesOne(include, operation);
    // Asked for the excluded ones too, so that a filter counts as used.
    return !matchesOne(exclude, operation) && included;
  });
  return { operations: kept, unused: [...include, ...exclude].filter((one) => !used.has(one)) };
}

interface FilterOptions {
  readonly include?: readonly OperationFilter[] | undefined;
  readonly exclude?: readonly OperationFilter[] | undefined;
}

function matches(filter: OperationFilter, operation: ListedOperation): boolean {
  const { tag, path, operationId, method } = filter;
  if (tag !== undefined && !operation.tags.includes(tag)) return false;
  if (path !== undefined && !matchesPath(operation.path, path)) return false;
  if (operationId !== undefined && !matchesId(operation.operationId, operationId)) return false;
  return method === undefined || operation.method === method.toLowerCase();
}

/** `/pets/**` means `/pets` too. */
function matchesPath(path: string, pattern: string): boolean {
  return path === pattern || matchesGlob(path, pattern) || `${path}/**` === pattern;
}

function matchesId(id: string | undefined, pattern: string): boolean {
  if (id === undefined) return false;
  return id === pattern || matchesGlob(id, pattern);
}
