import { isRecord } from "@codemode/core";

import type { Operation } from "./read-operation.ts";
import { OperationProblem } from "./references.ts";
import { subschemas } from "./schema-keywords.ts";
import type { SpecSource } from "./spec-source.ts";

/** What a schema says directly, without what it refers to. */
interface ScannedSchema {
  readonly references: readonly string[];
  readonly problem: string | undefined;
}

// Deeper ones cannot be encoded or walked; the deepest of real documents have some 20 levels.
const MAX_DEPTH = 100;

/** Gives a check that all schemas an operation reaches can be read; each schema of the document is read once. */
export function createReferenceCheck(source: SpecSource): (operation: Operation) => void {
  const scanned = new Map<string, ScannedSchema>();
  const scanReference = (reference: string): ScannedSchema => {
    const known = scanned.get(reference);
    if (known) return known;
    const found = scanTarget(source, reference);
    scanned.set(reference, found);
    return found;
  };
  return (operation) => {
    const seen = new Set<string>();
    const pending = schemasOf(operation).map(scanSchema);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next.problem !== undefined) throw new OperationProblem(next.problem);
      for (const reference of next.references) {
        if (seen.has(reference)) continue;
        seen.add(reference);
        pending.push(scanReference(reference));
      }
    }
  };
}

function schemasOf({ parameters, body, answer }: Operation): readonly unknown[] {
  return [
    ...parameters.map(({ schema }) => schema),
    body?.schema,
    ...answer.successes.map(({ schema }) => schema),
  ];
}

function scanTarget(source: SpecSource, reference: string): ScannedSchema {
  try {
    return scanSchema(source.rawAt(reference));
  } catch (error) {
    if (error instanceof OperationProblem) return { references: [], problem: error.message };
    throw error;
  }
}

function scanSchema(schema: unknown): ScannedSchema {
  const references: string[] = [];
  let level: readonly unknown[] = [schema];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH)
      return { references, problem: `has a schema of more than ${MAX_DEPTH} levels` };
    const next: unknown[] = [];
    for (const one of level) {
      if (one === undefined || one === null || typeof one === "boolean") continue;
      if (!isRecord(one)) return { references, problem: "has a schema that is no object" };
      const reference = one["$ref"];
      if (typeof reference === "string") references.push(reference);
      for (const inner of subschemas(one)) next.push(inner);
    }
    level = next;
  }
  return { references, problem: undefined };
}
