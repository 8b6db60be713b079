import type { JsonSchema } from "@codemode/core";

import type { ArgumentValue, ParameterOptions, ParameterType } from "./cli-options.ts";

/** One argument of a tool, complete. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: ArgumentValue;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly required: boolean;
  /** Whether its values may begin with `-`. */
  readonly isRaw: boolean;
}

/** What differs where the options say nothing. */
export interface ParameterDefaults {
  readonly type?: ParameterType;
  readonly required?: boolean;
}

/** A parameter out of what is said of it, layer over layer: the last one wins. */
export function toParameter(
  name: string,
  layers: readonly (ParameterOptions | undefined)[],
  defaults: ParameterDefaults = {},
): Parameter {
  const said: ParameterOptions = Object.assign({}, ...layers.map((layer) => withoutUnset(layer)));
  const type = said.type ?? defaults.type ?? "string";
  return {
    name,
    type,
    ...(said.description === undefined ? {} : { description: said.description }),
    ...(said.enum === undefined ? {} : { enum: said.enum }),
    ...(said.default === undefined ? {} : { default: said.default }),
    ...(said.minimum === undefined ? {} : { minimum: said.minimum }),
    ...(said.maximum === undefined ? {} : { maximum: said.maximum }),
    ...(said.pattern === undefined ? {} : { pattern: said.pattern }),
    required: said.default === undefined && (said.required ?? defaults.required ?? false),
    isRaw: said.raw ?? type === "words",
  };
}

function withoutUnset(layer: ParameterOptions | undefined): object {
  return Object.fromEntries(Object.entries(layer ?? {}).filter(([, value]) => value !== undefined));
}

/** The input schema of a tool with these arguments and no others. */
export function parametersToSchema(parameters: readonly Parameter[]): {
  readonly [keyword: string]: unknown;
  readonly properties: Readonly<Record<string, JsonSchema>>;
} {
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      parameters.map((parameter) => [parameter.name, parameterToSchema(parameter)]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

const ITEM: JsonSchema = { type: ["string", "number"] };
const WORDS_HELP = 'One option, as "-v", or a list of them and their values.';

function parameterToSchema(parameter: Parameter): JsonSchema {
  const { type, description, minimum, maximum } = parameter;
  const words = type === "words" ? WORDS_HELP : undefined;
  const text = description ?? words;
  return {
    ...typeToSchema(parameter),
    ...(text === undefined ? {} : { description: text }),
    ...(parameter.default === undefined ? {} : { default: parameter.default }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function typeToSchema({ type, enum: values, pattern }: Parameter): {
  readonly [keyword: string]: unknown;
} {
  if (type === "array") return { type, items: values === undefined ? ITEM : { enum: values } };
  if (type === "words")
    return { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] };
  return {
    type,
    ...(values === undefined ? {} : { enum: values }),
    ...(pattern === undefined ? {} : { pattern }),
  };
}
