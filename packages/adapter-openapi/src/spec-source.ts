import { isRecord } from "@codemode/core";
import { upgrade } from "@scalar/openapi-upgrader";

import type { JsonRecord } from "./json-record.ts";
import { recordAt } from "./json-record.ts";
import type { Method } from "./list-operations.ts";
import { lookUp, OperationProblem } from "./references.ts";

/** A document whose parts are brought to OpenAPI 3.1 one by one, when they are asked for. */
export interface SpecSource {
  readonly document: JsonRecord;
  /** Swagger 2 has other places for the same things. */
  readonly isSwagger2: boolean;
  /** An operation whose parameters, body and responses hold no references but those of schemas. */
  toModernOperation(method: Method, operation: JsonRecord): JsonRecord;
  /** What a reference names, as the document has it. Throws an `OperationProblem`. */
  rawAt(reference: string): unknown;
  /** The schema that a reference names, upgraded once. Throws an `OperationProblem`. */
  schemaAt(reference: string): unknown;
}

/** A source that has upgraded nothing yet. */
export function createSpecSource(document: JsonRecord): SpecSource {
  const isSwagger2 = document["swagger"] !== undefined;
  const isModern = !isSwagger2 && !String(document["openapi"]).startsWith("3.0");
  const schemas = new Map<string, unknown>();
  const rawAt = (reference: string): unknown =>
    lookUp(document, isSwagger2 ? toSwagger2(reference) : reference);
  const head = isSwagger2
    ? {
        swagger: "2.0",
        consumes: document["consumes"],
        produces: document["produces"],
        // Where there are none, references to them stay as they are.
        definitions: {},
      }
    : { openapi: "3.0.3" };
  return {
    document,
    isSwagger2,
    toModernOperation(method, operation) {
      if (isModern) return operation;
      const paths = { "/": { [method]: operation } };
      const upgraded = upgradePart({ ...head, paths });
      return recordAt(recordAt(recordAt(upgraded, "paths"), "/"), method);
    },
    rawAt,
    schemaAt(reference) {
      if (schemas.has(reference)) return schemas.get(reference);
      const raw = rawAt(reference);
      const schema = isModern ? raw : upgradeSchema(raw, isSwagger2);
      schemas.set(reference, schema);
      return schema;
    },
  };
}

/** The upgrader moves references to the places of OpenAPI 3; the document is as it was. */
function toSwagger2(reference: string): string {
  return reference.replace(/^#\/components\/schemas\//, "#/definitions/");
}

function upgradeSchema(schema: unknown, isSwagger2: boolean): unknown {
  const whole = isSwagger2
    ? { swagger: "2.0", paths: {}, definitions: { it: schema } }
    : { openapi: "3.0.3", paths: {}, components: { schemas: { it: schema } } };
  return recordAt(recordAt(upgradePart(whole), "components"), "schemas")["it"];
}

function upgradePart(part: JsonRecord): JsonRecord {
  try {
    // The upgrader writes into what it is given.
    const upgraded: unknown = upgrade(structuredClone(part), "3.1");
    return isRecord(upgraded) ? upgraded : {};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperationProblem(`cannot be read as OpenAPI: ${reason}`, { cause: error });
  }
}
