import type { CliAdapterOptions, CliSchema } from "@codemode/adapter-cli";
import { z } from "zod";

import { annotationsSchema, toAnnotations } from "./annotations.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const value = z.union([scalar, z.array(z.union([z.string(), z.number()]))]);

/** How the arguments of a command are called in files. */
const argumentName = z
  .string()
  .regex(/^[A-Za-z_][\w-]{0,63}$/, "is no name: letters, digits, _ and -, a letter first");

const parameterShape = {
  type: z
    .enum(["string", "integer", "number", "boolean", "array", "words"])
    .optional()
    .describe("What it may be. Default: `string`"),
  description: z.string().optional().describe("What it is for"),
  enum: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .optional()
    .describe("The only values there are"),
  default: value.optional().describe("What it is where nothing is given"),
  required: z.boolean().optional().describe("Whether it has to be given"),
  minimum: z.number().optional().describe("Least number"),
  maximum: z.number().optional().describe("Greatest number"),
  pattern: z.string().optional().describe("Regular expression that it has to match"),
  raw: z
    .boolean()
    .optional()
    .describe("Lets values begin with `-`, so that callers can set options with it"),
};

const parameterSchema = z.strictObject(parameterShape);

const optionSchema = z.strictObject({
  ...parameterShape,
  short: z
    .string()
    .regex(/^[A-Za-z0-9?]$/, "must be one letter or digit, without the dash")
    .optional()
    .describe("One letter: `s` is written `-s`"),
  flag: z
    .string()
    .regex(/^[-+/][^\s=\0]+$/, 'must be the option as the command spells it, as "--max-count"')
    .optional()
    .describe("The option as the command spells it. Default: `-short`, or `--name`"),
  joined: z.boolean().optional().describe("Writes `--flag=value` as one argument"),
});

const recipeSchema = z.strictObject({
  description: z.string().optional().describe("What it does"),
  preset: z.record(argumentName, value).optional().describe("Values that are always given"),
  params: z
    .record(argumentName, parameterSchema)
    .optional()
    .describe("The arguments that callers see. Default: all that the preset does not set"),
});

/** The keys of a command, in a file of its own or below `cli`. */
export const cliShape = {
  description: z.string().optional().describe("What it is for, for people and models"),
  command: z
    .string()
    .min(1)
    .optional()
    .describe("The program and its first arguments. Default: the tool's name"),
  args: z.string().optional().describe("The arguments as a template: `-n {count} -- {path}`"),
  params: z
    .record(argumentName, parameterSchema)
    .optional()
    .describe("The template's placeholders"),
  schema: z
    .strictObject({
      options: z
        .record(argumentName, optionSchema)
        .optional()
        .describe("Options, in the order in which they are written"),
      positional: z
        .array(z.strictObject({ name: argumentName, ...parameterShape }))
        .optional()
        .describe("What stands by its place, behind the options"),
      end_of_options: z
        .boolean()
        .optional()
        .describe("Writes `--` before what stands by its place"),
    })
    .optional()
    .describe("The arguments by kind, instead of a template"),
  recipes: z
    .record(argumentName, recipeSchema)
    .optional()
    .describe("Ready-made calls, each a tool of its own"),
  direct: z
    .boolean()
    .optional()
    .meta({ description: "Whether the command can be called beside its recipes", default: true }),
  stdin: z
    .boolean()
    .optional()
    .meta({ description: "Adds an argument `stdin`, which the command reads", default: false }),
  timeout: z.number().positive().optional().meta({ description: "Seconds", default: 60 }),
  working_dir: z.string().min(1).optional().describe("Folder it runs in"),
  env: z
    .record(z.string().regex(/^[^=\0]+$/), z.string())
    .optional()
    .describe("Variables it gets beside `PATH`, `HOME` and the like"),
  parse_json: z
    .boolean()
    .optional()
    .meta({ description: "Whether it prints JSON", default: false }),
  output_schema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("JSON Schema of what `parse_json` gives"),
  exit_codes: z
    .array(z.int().min(0).max(255))
    .min(1)
    .optional()
    .meta({ description: "Exit codes that are no failure", default: [0] }),
  max_output_bytes: z
    .int()
    .positive()
    .optional()
    .meta({ description: "Of what it prints", default: 2_097_152 }),
  tags: z.array(z.string()).optional().describe("Words for the search"),
  annotations: annotationsSchema.optional(),
};

/** A command. */
export const cliSchema = z.strictObject(cliShape);

/** A command, checked. */
export type CliFile = z.output<typeof cliSchema>;

/** What the adapter takes. */
export function toCliOptions(name: string, file: CliFile): CliAdapterOptions {
  const { timeout, schema, annotations } = file;
  return {
    name,
    description: file.description,
    command: file.command,
    args: file.args,
    params: file.params,
    schema: schema === undefined ? undefined : toSchema(schema),
    recipes: file.recipes,
    direct: file.direct,
    stdin: file.stdin,
    parseJson: file.parse_json,
    outputSchema: file.output_schema,
    exitCodes: file.exit_codes,
    timeoutMs: timeout === undefined ? undefined : timeout * 1_000,
    workingDir: file.working_dir,
    env: file.env,
    maxOutputBytes: file.max_output_bytes,
    tags: file.tags,
    annotations: annotations === undefined ? undefined : toAnnotations(annotations),
  };
}

function toSchema({
  options,
  positional,
  end_of_options,
}: NonNullable<CliFile["schema"]>): CliSchema {
  return { options, positional, endOfOptions: end_of_options };
}
