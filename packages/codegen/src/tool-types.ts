import type { BoundTool, Diagnostic, JsonSchema } from "@codemode/core";

import type { PrinterOptions } from "./emit-type.ts";
import { createTypePrinter } from "./emit-type.ts";
import { readSchema } from "./read-schema.ts";
import { tooComplex, unreadable } from "./type-diagnostics.ts";
import type { Profile } from "./type-printer.ts";
import { unknownTypes } from "./unknown-types.ts";

/** One tool's call in types. */
export interface ToolTypes {
  /** Between the parentheses: `input: { ... }`, `input?: { ... }`, or nothing. */
  readonly parameter: string;
  readonly output: string;
  readonly aliases: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How a tool's types are printed. */
export type ToolTypesOptions = Omit<PrinterOptions, "profile">;

/** The types of a tool's input and output. Never throws. */
export function toolTypes(
  { identifier, definition }: BoundTool,
  options: ToolTypesOptions,
): ToolTypes {
  const { inputSchema, outputSchema, canonicalName } = definition;
  const aliases: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const print = (schema: JsonSchema, profile: Profile, hint: string): string => {
    const prefix = `${canonicalName} ${profile}`;
    try {
      const { shape, pool } = readSchema(schema, { propertiesMeanObject: true });
      const printer = createTypePrinter({
        ...options,
        profile,
        nameOf: (key) => options.nameOf?.(`${prefix} ${key}`),
        onPrint: ({ key, ...printed }) =>
          options.onPrint?.({ key: `${prefix} ${key}`, ...printed }),
      });
      const text = printer.print(shape, hint);
      aliases.push(...printer.aliases());
      if (printer.isCut() || pool.isExhausted()) diagnostics.push(tooComplex(canonicalName));
      diagnostics.push(...unknownTypes(`${JSON.stringify(canonicalName)} (${profile})`, schema));
      return text;
    } catch (error) {
      diagnostics.push(unreadable(canonicalName, error));
      return profile === "input" ? "{ [k: string]: unknown }" : "any";
    }
  };
  const input = print(inputSchema, "input", `${identifier}_input`);
  const output =
    outputSchema === undefined ? "any" : print(outputSchema, "output", `${identifier}_output`);
  return { parameter: parameterOf(input, inputSchema), output, aliases, diagnostics };
}

function parameterOf(type: string, schema: JsonSchema): string {
  if (type === "unknown" || type === "any") return "input?: { [k: string]: unknown }";
  if (type === "{ [k: string]: never }") return "";
  return isOptional(schema) ? `input?: ${type}` : `input: ${type}`;
}

/** Whether a call without arguments can be right. */
function isOptional(schema: JsonSchema): boolean {
  if (typeof schema === "boolean") return true;
  const { required, properties, anyOf, oneOf, allOf, $ref } = schema;
  if (anyOf ?? oneOf ?? allOf ?? $ref) return false;
  if (!Array.isArray(required)) return true;
  return required.every((name) => hasDefault(properties, name));
}

function hasDefault(properties: unknown, name: unknown): boolean {
  if (typeof properties !== "object" || properties === null || typeof name !== "string")
    return false;
  const property: unknown = Object.hasOwn(properties, name)
    ? Reflect.get(properties, name)
    : undefined;
  return typeof property === "object" && property !== null && Object.hasOwn(property, "default");
}
