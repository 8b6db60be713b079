import { didYouMean } from "./did-you-mean.ts";
import { CodemodeError } from "./errors.ts";
import type { JsonObject } from "./json.ts";

/** A call whose arguments do not fit its tool: what is wrong with them, each problem without its full stop. */
export function argumentsError(tool: string, ...problems: readonly string[]): CodemodeError {
  const said = problems.join("; ");
  const message = `Wrong arguments for "${tool}": ${said}${/[.?!]$/.test(said) ? "" : "."}`;
  return new CodemodeError("INVALID_ARGUMENTS", message, { tool, details: problems });
}

/** A problem for each argument that is none of the tool's parameters, with the nearest of them. */
export function unknownArguments(args: JsonObject, parameters: Iterable<string>): string[] {
  const names = new Set(parameters);
  return Object.keys(args)
    .filter((name) => !names.has(name))
    .map((name) =>
      `${JSON.stringify(name)}: no such parameter.${didYouMean(name, names)}`.replace(/\.$/, ""),
    );
}
