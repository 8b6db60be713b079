import type { Argument, Expression } from "oxc-parser";

import { literalValue } from "./literal-value.ts";
import { propertyName } from "./type-schema.ts";
import type { SchemaObject } from "./type-schema.ts";

/** A schema, and whether a value may be left out. */
interface ReadSchema {
  readonly schema: SchemaObject;
  readonly optional: boolean;
}

const MAX_DEPTH = 32;
const PLAIN: ReadonlyMap<string, SchemaObject> = new Map([
  ["string", { type: "string" }],
  ["number", { type: "number" }],
  ["int", { type: "integer" }],
  ["boolean", { type: "boolean" }],
  ["null", { type: "null" }],
  ["any", {}],
  ["unknown", {}],
  ["email", { type: "string", format: "email" }],
  ["url", { type: "string", format: "uri" }],
  ["uuid", { type: "string", format: "uuid" }],
]);

/**
 * JSON Schema of `z.object({ path: z.string().describe("...") })`, read without running it.
 * `undefined` where the expression is no chain of calls on one name. What a call means that is not
 * known is left out.
 */
export function zodToSchema(node: Expression): SchemaObject | undefined {
  return readChain(node, 0)?.schema;
}

function readChain(node: Expression, depth: number): ReadSchema | undefined {
  if (depth > MAX_DEPTH || node.type !== "CallExpression") return undefined;
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  if (callee.property.type !== "Identifier") return undefined;
  const args = node.arguments.filter(isExpression);
  const method = callee.property.name;
  if (callee.object.type === "Identifier") {
    return { schema: factorySchema(method, args, depth), optional: false };
  }
  const inner = readChain(callee.object, depth + 1);
  return inner && refine(inner, method, args);
}

function isExpression(
  argument: Argument,
): argument is Exclude<Argument, { type: "SpreadElement" }> {
  return argument.type !== "SpreadElement";
}

function factorySchema(method: string, args: readonly Expression[], depth: number): SchemaObject {
  const plain = PLAIN.get(method);
  if (plain) return plain;
  const [first, second] = args;
  const inner = (node: Expression | undefined): SchemaObject =>
    (node && readChain(node, depth + 1)?.schema) ?? {};
  switch (method) {
    case "object":
    case "strictObject":
    case "looseObject":
      return first?.type === "ObjectExpression" ? objectSchema(first, depth) : { type: "object" };
    case "array":
      return { type: "array", items: inner(first) };
    case "record":
      return { type: "object", additionalProperties: inner(second ?? first) };
    case "literal": {
      const value = first && literalValue(first);
      return value === undefined ? {} : { const: value };
    }
    case "enum": {
      const values = first && literalValue(first);
      return Array.isArray(values) ? { enum: values } : {};
    }
    case "union":
      return first?.type === "ArrayExpression"
        ? {
            anyOf: first.elements.map((one) =>
              one && one.type !== "SpreadElement" ? inner(one) : {},
            ),
          }
        : {};
    default:
      return {};
  }
}

function objectSchema(
  node: Extract<Expression, { type: "ObjectExpression" }>,
  depth: number,
): SchemaObject {
  const properties: [string, SchemaObject][] = [];
  const required: string[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") continue;
    const name = propertyName(property.key, property.computed);
    if (name === undefined) continue;
    const read = readChain(property.value, depth + 1) ?? { schema: {}, optional: false };
    properties.push([name, read.schema]);
    if (!read.optional) required.push(name);
  }
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  };
}

function refine(
  { schema, optional }: ReadSchema,
  method: string,
  [first]: readonly Expression[],
): ReadSchema {
  const value = first && literalValue(first);
  switch (method) {
    case "optional":
    case "nullish":
      return { schema, optional: true };
    case "default":
      return {
        schema: value === undefined ? schema : { ...schema, default: value },
        optional: true,
      };
    case "nullable":
      return { schema: { anyOf: [schema, { type: "null" }] }, optional };
    case "describe":
      return {
        schema: typeof value === "string" ? { ...schema, description: value } : schema,
        optional,
      };
    case "int":
      return { schema: { ...schema, type: "integer" }, optional };
    case "array":
      return { schema: { type: "array", items: schema }, optional: false };
    case "min":
    case "max":
      return { schema: { ...schema, ...bound(schema, method, value) }, optional };
    default:
      return { schema, optional };
  }
}

function bound(schema: SchemaObject, method: "min" | "max", value: unknown): SchemaObject {
  if (typeof value !== "number") return {};
  if (schema["type"] === "string") return { [`${method}Length`]: value };
  if (schema["type"] === "array") return { [`${method}Items`]: value };
  return { [method === "min" ? "minimum" : "maximum"]: value };
}
