import type { Schema, SchemaDraft } from "@cfworker/json-schema";
import { Validator } from "@cfworker/json-schema";
import type { JsonObject, JsonSchema, ToolDefinition } from "@codemode/core";

import { applyDefaults } from "./apply-defaults.ts";
import { describeProblems } from "./argument-problems.ts";
import { isCheckable, withoutSlowPatterns } from "./schema-safety.ts";

/** Arguments with their defaults, and what is wrong with them, one line each. */
export interface CheckedArguments {
  readonly args: JsonObject;
  readonly problems: readonly string[];
}

/** Checks arguments; each tool's validator is made once. */
export function createArgumentCheck(): (
  tool: ToolDefinition,
  args: JsonObject,
) => CheckedArguments {
  const validators = new WeakMap<ToolDefinition, Validator | "unchecked">();
  return (tool, given) => {
    const args = applyDefaults(tool.inputSchema, given);
    const validator = validators.get(tool) ?? createValidator(tool.inputSchema);
    validators.set(tool, validator);
    if (validator === "unchecked") return { args, problems: [] };
    try {
      const { valid, errors } = validator.validate(args);
      return { args, problems: valid ? [] : describeProblems(errors, tool.inputSchema, args) };
    } catch {
      // A reference that leads nowhere, or to itself: the server judges the arguments itself.
      validators.set(tool, "unchecked");
      return { args, problems: [] };
    }
  };
}

function createValidator(schema: JsonSchema): Validator | "unchecked" {
  if (!isCheckable(schema)) return "unchecked";
  try {
    // All problems are wanted, not the first.
    return new Validator(asSchema(withoutSlowPatterns(schema)), draftOf(schema), false);
  } catch {
    // A schema that is none says nothing about arguments.
    return "unchecked";
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
