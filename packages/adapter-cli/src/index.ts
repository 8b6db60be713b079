// The public list of this package. Every name added here is a promise.
export { createCliAdapter } from "./cli-adapter.ts";
export type {
  ArgumentValue,
  CliAdapterOptions,
  CliOption,
  CliPositional,
  CliRecipe,
  CliSchema,
  ParameterOptions,
  ParameterType,
} from "./cli-options.ts";
