import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";

import type { JsonSchema } from "./json.ts";

/**
 * A schema object of zod, valibot, arktype or any other library that follows Standard Schema
 * (https://standardschema.dev). With its JSON Schema converter (zod from 4.2 on has one) programs get
 * types; without, arguments are only checked when a call comes.
 */
export type SchemaObject<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output> & {
  readonly "~standard": Partial<Pick<StandardJSONSchemaV1.Props<Input, Output>, "jsonSchema">>;
};

/** A schema as JSON Schema, and what could not be said in it. */
export interface ReadSchema {
  readonly json: JsonSchema | undefined;
  readonly problem?: string;
}

/** Whether this is a schema object of a library. arktype's are functions. */
export function isSchemaObject(schema: unknown): schema is SchemaObject {
  const isHolder = typeof schema === "object" || typeof schema === "function";
  return isHolder && schema !== null && "~standard" in schema;
}

/** Reads one side of a schema. What has no JSON Schema is told, and stops nothing. */
export function readSchema(
  schema: SchemaObject | JsonSchema,
  side: "input" | "output",
): ReadSchema {
  if (!isSchemaObject(schema)) return { json: schema };
  const { jsonSchema, vendor } = schema["~standard"];
  if (!jsonSchema)
    return { json: undefined, problem: `${vendor} has no JSON Schema converter here` };
  try {
    // zod's is a schema object as well; what is listed is data.
    return { json: { ...jsonSchema[side]({ target: "draft-2020-12" }) } };
  } catch (error) {
    return { json: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}
