import type { JsonObject, JsonValue } from "@codemode/core";
import type { Expression } from "oxc-parser";

import { propertyName } from "./type-schema.ts";

const MAX_DEPTH = 64;

/** The value of an expression that is JSON written as code; `undefined` for any other. */
export function literalValue(node: Expression, depth = 0): JsonValue | undefined {
  if (depth > MAX_DEPTH) return undefined;
  switch (node.type) {
    case "Literal":
      return literalOf(node.value);
    case "TemplateLiteral":
      return node.expressions.length === 0
        ? (node.quasis[0]?.value.cooked ?? undefined)
        : undefined;
    case "UnaryExpression": {
      const value = literalValue(node.argument, depth + 1);
      return node.operator === "-" && typeof value === "number" ? -value : undefined;
    }
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return literalValue(node.expression, depth + 1);
    case "ArrayExpression":
      return arrayValue(node.elements, depth);
    case "ObjectExpression":
      return objectValue(node, depth);
    default:
      return undefined;
  }
}

function literalOf(value: unknown): JsonValue | undefined {
  return value === null || ["string", "number", "boolean"].includes(typeof value)
    ? // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked in the line before
      (value as JsonValue)
    : undefined;
}

function arrayValue(
  elements: Extract<Expression, { type: "ArrayExpression" }>["elements"],
  depth: number,
): JsonValue | undefined {
  const values: JsonValue[] = [];
  for (const element of elements) {
    if (!element || element.type === "SpreadElement") return undefined;
    const value = literalValue(element, depth + 1);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function objectValue(
  node: Extract<Expression, { type: "ObjectExpression" }>,
  depth: number,
): JsonObject | undefined {
  const entries: [string, JsonValue][] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") return undefined;
    const name = propertyName(property.key, property.computed);
    const value = literalValue(property.value, depth + 1);
    if (name === undefined || value === undefined) return undefined;
    entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}
