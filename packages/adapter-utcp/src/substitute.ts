import { CodemodeError } from "@codemode/core";

import type { VariableSource } from "./variable-source.ts";

/** Whose variables are filled in, and from where. */
export interface SubstituteOptions {
  readonly source: VariableSource;
  /** The manual that a variable belongs to; without one it has its plain name. */
  readonly manual?: string;
  /** Told every value that is filled in: none of them may be shown. */
  readonly onValue?: (value: string) => void;
}

const VARIABLE = /\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g;

/** What variable `name` of a manual is called where it is set: `my__manual_NAME`. */
export function variableKey(name: string, manual?: string): string {
  return manual === undefined ? name : `${manual.replaceAll("_", "__")}_${name}`;
}

/** Fills in `${NAME}` and `$NAME` in every text. Throws `VARIABLE_UNSET` with all that have no value. */
export function substitute(value: unknown, options: SubstituteOptions): unknown {
  const unset = new Set<string>();
  const filled = walk(value, (text) =>
    text.replaceAll(VARIABLE, (found: string, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? "";
      const given = options.source.get(variableKey(name, options.manual));
      if (given === undefined) unset.add(name);
      else options.onValue?.(given);
      return given ?? found;
    }),
  );
  if (unset.size > 0) throw unsetError([...unset], options);
  return filled;
}

/** The variables in a value, as they are called where they are set, each once. */
export function findVariables(value: unknown, manual?: string): readonly string[] {
  const names = new Set<string>();
  walk(value, (text) => {
    for (const [, braced, bare] of text.matchAll(VARIABLE))
      names.add(variableKey(braced ?? bare ?? "", manual));
    return text;
  });
  return [...names];
}

/** Commands have variables of another kind, the shell's; and a text is whatever it says. */
function ownKey(record: object): string | undefined {
  if (!("call_template_type" in record)) return undefined;
  if (record.call_template_type === "cli") return "commands";
  return record.call_template_type === "text" ? "content" : undefined;
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return value.includes("$ref") ? value : change(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== "object" || value === null) return value;
  const own = ownKey(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === own ? item : walk(item, change)]),
  );
}

function unsetError(
  names: readonly string[],
  { source, manual }: SubstituteOptions,
): CodemodeError {
  const keys = names.map((name) => variableKey(name, manual));
  const isOne = keys.length === 1;
  const whose = manual === undefined ? "" : ` of manual "${manual}"`;
  const what = `${isOne ? "Variable" : "Variables"} ${keys.join(", ")}${whose} ${isOne ? "is" : "are"} not set`;
  const plain = names.filter((name) => manual !== undefined && source.get(name) !== undefined);
  const hint =
    plain.length === 0
      ? ""
      : ` ${plain.join(", ")} ${plain.length === 1 ? "is" : "are"} set, but a manual reads only variables that begin with its name.`;
  const message = `${what}. Set ${isOne ? "it" : "them"} in ${source.places}.${hint}`;
  return new CodemodeError("VARIABLE_UNSET", message, { details: { variables: keys } });
}
