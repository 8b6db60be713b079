import type { JsonObject, JsonSchema, JsonValue } from "@codemode/core";
import { unknownArguments } from "@codemode/core";

import type { HttpValues } from "./fill-request.ts";
import type { HttpParameter } from "./http-options.ts";

/** One argument of a request, complete. */
export interface Parameter {
  readonly name: string;
  readonly said: HttpParameter;
  readonly type: NonNullable<HttpParameter["type"]>;
  readonly isRequired: boolean;
}

/** The arguments of a request's placeholders. */
export function toParameters(
  names: readonly string[],
  params: Readonly<Record<string, HttpParameter>>,
): readonly Parameter[] {
  return names.map((name) => {
    const said = (Object.hasOwn(params, name) ? params[name] : undefined) ?? {};
    const isRequired = said.default === undefined && said.required !== false;
    return { name, said, type: said.type ?? "string", isRequired };
  });
}

/** The input schema of these arguments. */
export function toInputSchema(parameters: readonly Parameter[]): JsonSchema {
  const required = parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((one) => [one.name, toSchema(one)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function toSchema({ type, said }: Parameter): JsonSchema {
  const { description, enum: values } = said;
  return {
    type,
    ...(description === undefined ? {} : { description }),
    ...(said.default === undefined ? {} : { default: said.default }),
    ...(type === "array" ? { items: values === undefined ? {} : { enum: values } } : {}),
    ...(type === "array" || values === undefined ? {} : { enum: values }),
  };
}

/** A call's arguments with the defaults, or all that is wrong with them. */
export function readValues(
  parameters: readonly Parameter[],
  args: JsonObject,
): { readonly values: HttpValues; readonly problems: readonly string[] } {
  const values = new Map<string, JsonValue>();
  const problems = unknownArguments(
    args,
    parameters.map(({ name }) => name),
  );
  for (const parameter of parameters) {
    const { name, said } = parameter;
    const value = (Object.hasOwn(args, name) ? args[name] : undefined) ?? said.default;
    const problem = value === undefined ? missing(parameter) : unfit(value, parameter);
    if (problem !== undefined) problems.push(problem);
    else if (value !== undefined) values.set(name, value);
  }
  return { values, problems };
}

function missing({ name, isRequired }: Parameter): string | undefined {
  return isRequired ? `"${name}" is required` : undefined;
}

function unfit(value: JsonValue, { name, type, said }: Parameter): string | undefined {
  if (!isOfType(value, type)) {
    return `${name}: must be ${/^[aio]/.test(type) ? "an" : "a"} ${type}`;
  }
  const { enum: allowed } = said;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const fits = !allowed || items.every((item) => allowed.some((one) => one === item));
  return fits
    ? undefined
    : `${name}: must be one of ${allowed.map((one) => JSON.stringify(one)).join(", ")}`;
}

function isOfType(value: JsonValue, type: Parameter["type"]): boolean {
  if (type === "integer") return Number.isSafeInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object")
    return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
