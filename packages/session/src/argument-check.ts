import type { Schema, SchemaDraft } from "@cfworker/json-schema";
import { Validator } from "@cfworker/json-schema";
import type { JsonObject, JsonSchema, ToolDefinition } from "@codemode/core";

import { applyDefaults, hasDefaults } from "./apply-defaults.ts";
import { describeProblems } from "./argument-problems.ts";
import { isCheckable, withoutSlowPatterns } from "./schema-safety.ts";

/** Arguments with their defaults, and what is wrong with them, one line each. */
export interface CheckedArguments {
  readonly args: JsonObject;
  readonly problems: readonly string[];
}

/** Checks arguments; what is known of each tool's schema is found out once. */
export function createArgumentCheck(): (
  tool: ToolDefinition,
  args: JsonObject,
) => CheckedArguments {
  const known = new WeakMap<ToolDefinition, KnownSchema>();
  return (tool, given) => {
    const { inputSchema } = tool;
    const schema = known.get(tool) ?? readSchema(inputSchema);
    known.set(tool, schema);
    const args = schema.hasDefaults ? applyDefaults(inputSchema, given) : given;
    if (!schema.validator) return { args, problems: [] };
    try {
      const { valid, errors } = schema.validator.validate(args);
      return { args, problems: valid ? [] : describeProblems(errors, inputSchema, args) };
    } catch {
      // A reference that leads nowhere, or to itself: the server judges the arguments itself.
      known.set(tool, { ...schema, validator: undefined });
      return { args, problems: [] };
    }
  };
}

interface KnownSchema {
  /** Also where that was not looked into. */
  readonly hasDefaults: boolean;
  /** Absent where the schema cannot be checked. */
  readonly validator: Validator | undefined;
}

function readSchema(schema: JsonSchema): KnownSchema {
  if (!isCheckable(schema)) return { hasDefaults: true, validator: undefined };
  return { hasDefaults: hasDefaults(schema), validator: createValidator(schema) };
}

function createValidator(schema: JsonSchema): Validator | undefined {
  try {
    // All problems are wanted, not the first.
    return new Validator(asSchema(withoutSlowPatterns(schema)), draftOf(schema), false);
  } catch {
    // A schema that is none says nothing about arguments.
    return undefined;
  }
}

function asSchema(schema: JsonSchema): Schema | boolean {
  return schema;
}

function draftOf(schema: JsonSchema): SchemaDraft {
  const dialect = typeof schema === "object" ? schema["$schema"] : undefined;
  if (typeof dialect !== "string") return "2020-12";
  if (dialect.includes("draft-04")) return "4";
  if (dialect.includes("draft-06") || dialect.includes("draft-07")) return "7";
  return dialect.includes("2019-09") ? "2019-09" : "2020-12";
}
