import type { JsonSchema } from "@codemode/core";
import { isRecord } from "@codemode/core";

import { FILE_INPUT_SCHEMA, FILE_OUTPUT_SCHEMA, isFileSchema } from "./file-value.ts";
import type { JsonRecord } from "./json-record.ts";
import { recordAt, textAt } from "./json-record.ts";
import { bodyKind } from "./media-type.ts";
import type { Operation, RequestBody } from "./read-operation.ts";
import type { SchemaBundle } from "./schema-bundle.ts";
import { createSchemaBundle } from "./schema-bundle.ts";
import type { SpecSource } from "./spec-source.ts";

/** One object: the parameters by name, and `body`. Throws an `OperationProblem`. */
export function inputSchemaOf(source: SpecSource, operation: Operation): JsonSchema {
  const bundle = createSchemaBundle(source, "request");
  const { body, parameters } = operation;
  const properties = parameters.map(({ argument, schema, description }) => {
    return [argument, described(bundle.add(schema), description)] as const;
  });
  const required = parameters.filter((one) => one.required).map(({ argument }) => argument);
  if (body) {
    const schema = bodySchema(source, bundle, body);
    properties.push(["body", described(schema, body.description)]);
    if (body.required) required.push("body");
  }
  const definitions = bundle.definitions();
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
    ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
  };
}

/** What successes give, or nothing where the document does not say. Throws an `OperationProblem`. */
export function outputSchemaOf(source: SpecSource, operation: Operation): JsonSchema | undefined {
  if (operation.method === "head") return HEAD_SCHEMA;
  const bundle = createSchemaBundle(source, "response");
  const byText = new Map<string, JsonSchema>();
  for (const { mediaType, schema } of operation.answer.successes) {
    const one = answerSchema(bundle, mediaType, schema);
    if (one === undefined) return undefined;
    byText.set(JSON.stringify(one), one);
  }
  const schemas = [...byText.values()];
  const [first] = schemas;
  if (first === undefined) return undefined;
  const definitions = bundle.definitions();
  const whole = schemas.length === 1 ? first : { anyOf: schemas };
  if (Object.keys(definitions).length === 0) return whole;
  // A boolean refers to nothing.
  return typeof whole === "boolean" ? whole : { ...whole, $defs: definitions };
}

const HEAD_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    status: { type: "integer" },
    headers: { type: "object", additionalProperties: { type: "string" } },
  },
  required: ["status", "headers"],
};

function answerSchema(
  bundle: SchemaBundle,
  mediaType: string | undefined,
  schema: unknown,
): JsonSchema | undefined {
  if (mediaType === undefined) return { type: "null" };
  const kind = bodyKind(mediaType);
  if (kind === "json") return schema === undefined ? undefined : bundle.add(schema);
  return kind === "binary" ? FILE_OUTPUT_SCHEMA : { type: "string" };
}

function bodySchema(source: SpecSource, bundle: SchemaBundle, body: RequestBody): JsonSchema {
  const kind = bodyKind(body.mediaType);
  if (kind === "binary") return FILE_INPUT_SCHEMA;
  if (kind === "text") return { type: "string", description: `Text of type ${body.mediaType}` };
  if (kind !== "multipart") return bundle.add(body.schema ?? {});
  return withFiles(formFields(source, body.schema), bundle.add(formSchema(source, body.schema)));
}

/** The fields of a form that are files take bytes. */
function withFiles(fields: JsonRecord, schema: JsonSchema): JsonSchema {
  const files = Object.entries(fields).filter(([, field]) => isFileSchema(field));
  if (files.length === 0 || typeof schema === "boolean") return schema;
  const replaced = files.map(([name, field]) => {
    const isList = isRecord(field) && field["type"] === "array";
    const file = isList ? { type: "array", items: FILE_INPUT_SCHEMA } : FILE_INPUT_SCHEMA;
    return [name, file] as const;
  });
  const properties = { ...recordAt(schema, "properties"), ...Object.fromEntries(replaced) };
  return { ...schema, properties };
}

/** The schemas of a form's fields, with their first references followed. */
export function formFields(source: SpecSource, schema: unknown): JsonRecord {
  const form = formSchema(source, schema);
  const properties = isRecord(form) ? recordAt(form, "properties") : {};
  const resolved = Object.entries(properties).map(([name, field]) => {
    return [name, formSchema(source, field)] as const;
  });
  return Object.fromEntries(resolved);
}

/** The schema itself, behind its references. */
function formSchema(source: SpecSource, schema: unknown): unknown {
  let found = schema ?? {};
  for (let hop = 0; hop < MAX_HOPS && isRecord(found); hop += 1) {
    const reference = textAt(found, "$ref");
    if (reference === undefined) return found;
    found = source.schemaAt(reference) ?? {};
  }
  return found;
}

// A chain of references that is longer leads in a circle.
const MAX_HOPS = 8;

function described(schema: JsonSchema, description: string | undefined): JsonSchema {
  if (description === undefined) return schema;
  return typeof schema === "boolean" ? { description } : { ...schema, description };
}
