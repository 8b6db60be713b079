import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";

/** Where the values of variables come from. */
export interface VariableSource {
  get(name: string): string | undefined;
  /** Where a variable can be set, for messages: `"variables", the file ".env" or the environment`. */
  readonly places: string;
}

/** What a source is made of, in the order in which it is asked. */
export interface VariableSourceOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Files of lines like `NAME=value`. One that is not there holds nothing. */
  readonly dotenvFiles?: readonly string[];
  /** Where their paths start. Default: the process's folder. */
  readonly folder?: string;
  /** Default: the process's variables. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A source of variables. Files are read when a value is asked for, so that a changed one counts. */
export function createVariableSource(options: VariableSourceOptions = {}): VariableSource {
  const { variables = {}, dotenvFiles = [], folder = ".", env = process.env } = options;
  const files = dotenvFiles.map((file) => JSON.stringify(file));
  const places = [`"variables"`, ...files.map((file) => `the file ${file}`)].join(", ");
  return {
    get(name) {
      if (Object.hasOwn(variables, name)) return variables[name];
      for (const file of dotenvFiles) {
        const value = readDotenv(resolve(folder, file)).get(name);
        if (value !== undefined && value !== "") return value;
      }
      return env[name] === "" ? undefined : env[name];
    },
    places: `${places} or the environment`,
  };
}

function readDotenv(path: string): ReadonlyMap<string, string | undefined> {
  try {
    return new Map(Object.entries(parseEnv(readFileSync(path, "utf8"))));
  } catch {
    // Whoever needs a variable of it is told where it was looked for.
    return new Map();
  }
}
