import type { JsonSchema, ToolAnnotations } from "@codemode/core";

/** What one argument of a command may be. `words`: one option or a list of them, as the caller writes them. */
export type ParameterType = "string" | "integer" | "number" | "boolean" | "array" | "words";

/** A value of an argument. */
export type ArgumentValue = string | number | boolean | readonly (string | number)[];

/** What is said of one argument. */
export interface ParameterOptions {
  /** Default `string`; a template's `{flags}` and `{options}` are `words`. */
  readonly type?: ParameterType | undefined;
  readonly description?: string | undefined;
  /** The only values there are; of an array, the only items. */
  readonly enum?: readonly (string | number)[] | undefined;
  readonly default?: ArgumentValue | undefined;
  readonly required?: boolean | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** A regular expression that a text, or each item, has to match somewhere. */
  readonly pattern?: string | undefined;
  /** Lets values begin with `-`, so that the caller can set options with it. Default: `words` only. */
  readonly raw?: boolean | undefined;
}

/** An option of a command, by the name of its argument. */
export interface CliOption extends ParameterOptions {
  /** One letter: `s` is written `-s`. */
  readonly short?: string | undefined;
  /** The option as the command spells it. Default: `-short`, or `--name`. */
  readonly flag?: string | undefined;
  /** Writes `--flag=value` as one argument, so that values may begin with `-`. Default `false`. */
  readonly joined?: boolean | undefined;
}

/** An argument that stands by its place. */
export interface CliPositional extends ParameterOptions {
  readonly name: string;
}

/** What a command takes. */
export interface CliSchema {
  /** Options, in the order in which they are written. */
  readonly options?: Readonly<Record<string, CliOption>> | undefined;
  /** Written behind the options, in this order. The last one may be an array. */
  readonly positional?: readonly CliPositional[] | undefined;
  /** Writes `--` before the positional arguments, which then may begin with `-`. Default `false`. */
  readonly endOfOptions?: boolean | undefined;
}

/** A ready-made way to call a command: a tool of its own. */
export interface CliRecipe {
  readonly description?: string | undefined;
  /** Values that are always given. */
  readonly preset?: Readonly<Record<string, ArgumentValue>> | undefined;
  /** The arguments that callers see. Default: all that the preset does not set. */
  readonly params?: Readonly<Record<string, ParameterOptions>> | undefined;
}

/** What `createCliAdapter` takes: one command. */
export interface CliAdapterOptions {
  /** The server's name in the catalog, and that of the tool that calls the command directly. */
  readonly name: string;
  /** Default `Run <name> command`. */
  readonly description?: string | undefined;
  /** The program and its first arguments, in words as a shell splits them: `git log`. Default: `name`. */
  readonly command?: string | undefined;
  /** The arguments as a template: `-n {count} -- {path}`. Each placeholder stays within one argument. */
  readonly args?: string | undefined;
  /** What is said of the template's placeholders. */
  readonly params?: Readonly<Record<string, ParameterOptions>> | undefined;
  /** The arguments by kind, instead of a template. */
  readonly schema?: CliSchema | undefined;
  readonly recipes?: Readonly<Record<string, CliRecipe>> | undefined;
  /** Whether there is a tool that takes all of the schema, beside the recipes. Default `true`. */
  readonly direct?: boolean | undefined;
  /** Adds an argument `stdin`, whose text the command reads. Without it the command reads nothing. Default `false`. */
  readonly stdin?: boolean | undefined;
  /** Reads what the command prints as JSON. Default `false`: the text as it is. */
  readonly parseJson?: boolean | undefined;
  /** Of the value that `parseJson` gives; it types the result for programs. */
  readonly outputSchema?: JsonSchema | undefined;
  /** Exit codes that are no failure. Default `[0]`. */
  readonly exitCodes?: readonly number[] | undefined;
  /** Default 60 000. */
  readonly timeoutMs?: number | undefined;
  /** Where the command runs, from `folder`. Default: `folder`. */
  readonly workingDir?: string | undefined;
  /** Where relative paths start. Default: the process's folder. */
  readonly folder?: string | undefined;
  /** Added to the few variables every process needs (`PATH`, `HOME`, ...); ours are not passed on. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Of what the command prints; more is an error. Default 2 MiB. */
  readonly maxOutputBytes?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly annotations?: ToolAnnotations | undefined;
  /** Values that no message may show, beside those of `env`. */
  readonly secrets?: readonly string[] | undefined;
}
