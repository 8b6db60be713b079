import { schemaToDeclarations } from "@codemode/codegen";
import type { JsonSchema } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { GlobalOptions } from "../options.ts";
import { EXIT, printJson, printNote, toJsonLine } from "../output.ts";
import { parseJson, readStdin } from "../read-input.ts";

/** Prints declarations that name the type `T`. */
export async function run(
  _args: readonly unknown[],
  { batch, json, profile = "exact" }: GlobalOptions,
): Promise<number> {
  const input = await readStdin();
  if (batch) {
    // Line feeds alone end a line: U+2028 may stand inside JSON.
    const lines = input.split("\n").filter((line) => line.trim() !== "");
    process.stdout.write(lines.map((line) => `${convertLine(line, profile)}\n`).join(""));
    return EXIT.ok;
  }
  const { text, diagnostics } = schemaToDeclarations(toSchema(parseJson(input, "Standard input")), {
    profile,
  });
  if (json) {
    printJson({ ts: text, diagnostics });
    return EXIT.ok;
  }
  for (const { message } of diagnostics) printNote(`note: ${message}`);
  process.stdout.write(text);
  return EXIT.ok;
}

function convertLine(line: string, profile: NonNullable<GlobalOptions["profile"]>): string {
  let id: unknown = null;
  try {
    const entry = parseJson(line, "The line");
    if (typeof entry !== "object" || entry === null || !("schema" in entry))
      throw new TypeError('The line has no "schema".');
    id = "id" in entry ? entry.id : null;
    const { text } = schemaToDeclarations(toSchema(entry.schema), { profile });
    return toJsonLine({ id, ts: text });
  } catch (error) {
    return toJsonLine({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

function toSchema(value: unknown): JsonSchema {
  if (typeof value === "boolean") return value;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new CodemodeError("INVALID_ARGUMENTS", "A JSON Schema is an object or a boolean.");
}
