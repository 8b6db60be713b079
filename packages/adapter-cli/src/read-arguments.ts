import type { JsonObject, JsonValue } from "@codemode/core";
import { unknownArguments } from "@codemode/core";

import type { ArgumentValue } from "./cli-options.ts";
import type { Parameter } from "./parameter.ts";

/** A value, and whether it may begin with `-`. */
export interface GivenValue {
  readonly value: ArgumentValue;
  readonly isRaw: boolean;
}

/** The values of a call by the names of its parameters; absent ones are not there. */
export type Values = ReadonlyMap<string, GivenValue>;

/** A call's arguments with the defaults, or all that is wrong with them. */
export function readArguments(
  parameters: readonly Parameter[],
  args: JsonObject,
): { readonly values: Values; readonly problems: readonly string[] } {
  const values = new Map<string, GivenValue>();
  const problems = unknownArguments(
    args,
    parameters.map(({ name }) => name),
  );
  for (const parameter of parameters) {
    const { name } = parameter;
    const given = Object.hasOwn(args, name) ? args[name] : undefined;
    const value = given ?? parameter.default;
    if (value === undefined) {
      if (parameter.required) problems.push(`"${name}" is required`);
    } else if (isFitting(value, parameter)) {
      const problem = rangeProblem(value, parameter);
      // Defaults are words of the author.
      const isRaw = parameter.isRaw || given === undefined;
      if (problem === undefined) values.set(name, { value, isRaw });
      else problems.push(`${name}: ${problem}`);
    } else problems.push(`${name}: must be ${EXPECTED[parameter.type]}`);
  }
  return { values, problems };
}

const EXPECTED: Readonly<Record<Parameter["type"], string>> = {
  string: "a string",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  array: "a list of strings or numbers",
  words: "a string or a list of strings",
};

function isFitting(value: JsonValue | ArgumentValue, { type }: Parameter): value is ArgumentValue {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "array":
      return Array.isArray(value) && value.every((item) => isItem(item));
    case "words":
      return (
        typeof value === "string" ||
        (Array.isArray(value) && value.every((item) => typeof item === "string"))
      );
    default:
      return typeof value === type;
  }
}

function isItem(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function rangeProblem(value: ArgumentValue, parameter: Parameter): string | undefined {
  const { enum: allowed, minimum, maximum, type } = parameter;
  const items = Array.isArray(value) ? value : [value];
  if (allowed && !items.every((item) => allowed.includes(item)))
    return `must be one of ${allowed.map((one) => JSON.stringify(one)).join(", ")}`;
  if (typeof value === "number" && minimum !== undefined && value < minimum)
    return `must be at least ${minimum}`;
  if (typeof value === "number" && maximum !== undefined && value > maximum)
    return `must be at most ${maximum}`;
  const { pattern } = parameter;
  if (pattern !== undefined && !items.every((item) => new RegExp(pattern, "u").test(String(item))))
    return `must match /${pattern}/`;
  return type === "words" ? wordsProblem(items) : undefined;
}

/** An option and its value in one word is nothing that a command understands. */
function wordsProblem(items: readonly (string | number | boolean)[]): string | undefined {
  const joined = items.find((item) => typeof item === "string" && /^-[^\s=]*\s/.test(item));
  if (joined === undefined) return undefined;
  const list = JSON.stringify(String(joined).trim().split(/\s+/)).slice(0, 200);
  return `${JSON.stringify(joined).slice(0, 200)} would be one argument; give a list, as ${list}`;
}
