import type { JsonObject, JsonSchema } from "@codemode/core";
import { didYouMean, placeholdersOf } from "@codemode/core";

import type { ArgumentVector, CommandShape } from "./argument-vector.ts";
import { fillTemplate, spellOption, writeArguments, writeFreely } from "./argument-vector.ts";
import { parseTemplate } from "./arguments-template.ts";
import { optionsError } from "./cli-errors.ts";
import type { CliAdapterOptions, CliRecipe, CliSchema } from "./cli-options.ts";
import type { Parameter } from "./parameter.ts";
import { parametersToSchema, toParameter } from "./parameter.ts";
import type { Values } from "./read-arguments.ts";
import { readArguments } from "./read-arguments.ts";

/** A tool that runs a command: what it is called, what it takes, and how that becomes arguments. */
export interface CliTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  /** The arguments behind the command's own words, or what is wrong with those of the call. */
  readonly toVector: (args: JsonObject) => ArgumentVector;
}

/** The schema of an object with these properties. */
export interface ObjectSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** How values become arguments. */
interface Form {
  readonly parameters: readonly Parameter[];
  readonly write: (values: Values) => ArgumentVector;
}

/** The tools of a command: the direct one bears its name, and each recipe is one. Throws `CONFIG_INVALID`. */
export function toCliTools(options: CliAdapterOptions): readonly CliTool[] {
  const { name, recipes = {}, direct = true } = options;
  const { description = `Run ${name} command` } = options;
  if (!direct && Object.keys(recipes).length === 0)
    throw optionsError(
      name,
      "direct",
      'is false and there are no "recipes": nothing could be called',
    );
  const form = formOf(options);
  const tools: CliTool[] = [];
  if (direct) tools.push(form ? toTool(form, { name, description }) : freeTool(name, description));
  for (const [recipe, said] of Object.entries(recipes)) {
    if (recipe === name && direct)
      throw optionsError(name, `recipes.${recipe}`, "has the name of the tool itself; rename it");
    if (!form) throw optionsError(name, "recipes", 'need "schema" or "args" beside them');
    const own = said.description === undefined ? "" : `${said.description.replace(/\.?$/, ".")} `;
    tools.push(
      toTool(recipeForm(form, { server: name, recipe, said }), {
        name: recipe,
        description: `${own}Runs ${name}: ${description}`,
      }),
    );
  }
  return tools;
}

function toTool(form: Form, text: Pick<CliTool, "name" | "description">): CliTool {
  for (const { name, pattern = "" } of form.parameters) {
    if (!isPattern(pattern))
      throw optionsError(text.name, `${name}.pattern`, "is no regular expression");
  }
  const ofDefaults = form.parameters.filter((parameter) => parameter.default !== undefined);
  const [problem] = readArguments(ofDefaults, {}).problems;
  if (problem !== undefined) throw optionsError(text.name, "default", problem);
  return {
    ...text,
    inputSchema: parametersToSchema(form.parameters),
    toVector(args) {
      const { values, problems } = readArguments(form.parameters, args);
      return problems.length > 0 ? { words: [], problems } : form.write(values);
    },
  };
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    // Its author is told by name; what is wrong in it is the engine's own dialect of English.
    return false;
  }
}

function formOf({ name, args, params, schema }: CliAdapterOptions): Form | undefined {
  if (args !== undefined && schema !== undefined)
    throw optionsError(name, "args", 'and "schema" are both given; keep one');
  if (schema !== undefined) return schemaForm(name, schema);
  return args === undefined ? undefined : templateForm(name, args, params ?? {});
}

function templateForm(
  server: string,
  template: string,
  params: NonNullable<CliAdapterOptions["params"]>,
): Form {
  const elements = attempt(server, "args", () => parseTemplate(template));
  const names = placeholdersOf(elements.flatMap(({ parts }) => parts));
  const stranger = Object.keys(params).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw optionsError(server, `params.${stranger}`, `is no placeholder of "args"`);
  const parameters = names.map((name) => {
    // What a template calls so is meant to hold options.
    const isWords = name === "flags" || name === "options";
    return toParameter(name, [params[name]], isWords ? { type: "words" } : { required: true });
  });
  return { parameters, write: (values) => fillTemplate(elements, values) };
}

function schemaForm(server: string, schema: CliSchema): Form {
  const options = Object.entries(schema.options ?? {}).map(([name, option]) =>
    spellOption(toParameter(name, [option]), option),
  );
  const positional = (schema.positional ?? []).map((said) => toParameter(said.name, [said]));
  const parameters = [...options, ...positional];
  const twice = parameters.find(
    ({ name }, index) => parameters.findIndex((other) => other.name === name) !== index,
  );
  if (twice) throw optionsError(server, `schema.${twice.name}`, "is declared twice; rename one");
  const list = positional.findIndex(({ type }) => type === "array");
  if (list !== -1 && list < positional.length - 1)
    throw optionsError(
      server,
      `schema.positional.${list}`,
      "is an array; only the last may be one",
    );
  const shape: CommandShape = { options, positional, endOfOptions: schema.endOfOptions ?? false };
  return { parameters, write: (values) => writeArguments(shape, values) };
}

interface RecipeSource {
  readonly server: string;
  readonly recipe: string;
  readonly said: CliRecipe;
}

/** The same command with some values given. Callers see the recipe's own parameters. */
function recipeForm(form: Form, { server, recipe, said }: RecipeSource): Form {
  const { preset = {}, params } = said;
  const byName = new Map(form.parameters.map((parameter) => [parameter.name, parameter]));
  for (const [kind, names] of Object.entries({ preset, params: params ?? {} })) {
    const stranger = Object.keys(names).find((name) => !byName.has(name));
    if (stranger !== undefined)
      throw optionsError(
        server,
        `recipes.${recipe}.${kind}.${stranger}`,
        `is no argument of the command.${didYouMean(stranger, byName.keys())}`,
      );
  }
  const shown = params
    ? Object.keys(params)
    : [...byName.keys()].filter((name) => !Object.hasOwn(preset, name));
  const parameters = shown.flatMap((name) => {
    const parameter = byName.get(name);
    if (!parameter) return [];
    const given = Object.hasOwn(preset, name) ? { default: preset[name] } : undefined;
    return [toParameter(name, [asOptions(parameter), given, params?.[name]])];
  });
  const fixed = presetValues(form, { server, recipe, said }, shown);
  return { parameters, write: (values) => form.write(new Map([...fixed, ...values])) };
}

/** What callers do not see of a preset. */
function presetValues(
  form: Form,
  { server, recipe, said }: RecipeSource,
  shown: readonly string[],
): Values {
  const hidden = Object.entries(said.preset ?? {}).filter(([name]) => !shown.includes(name));
  const names = new Set(hidden.map(([name]) => name));
  const parameters = form.parameters.filter(({ name }) => names.has(name));
  const { values, problems } = readArguments(parameters, Object.fromEntries(hidden));
  const [problem] = problems;
  if (problem !== undefined) throw optionsError(server, `recipes.${recipe}.preset`, problem);
  // They are words of the author.
  return new Map([...values].map(([name, { value }]) => [name, { value, isRaw: true }]));
}

function asOptions({ isRaw, ...parameter }: Parameter): object {
  return { ...parameter, raw: isRaw };
}

/** A command of which nothing is said takes any option. */
function freeTool(name: string, description: string): CliTool {
  return {
    name,
    description,
    inputSchema: {
      type: "object",
      additionalProperties: {
        anyOf: [SCALAR, { type: "array", items: { type: ["string", "number"] } }],
      },
    },
    toVector(args) {
      const parameters = Object.entries(args).map(([key, value]) =>
        toParameter(key, [{ type: freeType(value) }]),
      );
      const { values, problems } = readArguments(parameters, args);
      return problems.length > 0 ? { words: [], problems } : writeFreely(values);
    },
  };
}

const SCALAR: JsonSchema = { type: ["string", "number", "boolean"] };

function freeType(value: unknown): "array" | "boolean" | "number" | "string" {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "number" ? "number" : "string";
}

function attempt<Result>(server: string, key: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof SyntaxError) throw optionsError(server, key, error.message);
    throw error;
  }
}
