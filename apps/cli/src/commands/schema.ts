import { once } from "node:events";

import { schemaToDeclarations } from "@codemode/codegen";
import type { JsonSchema } from "@codemode/core";
import { CodemodeError, isRecord } from "@codemode/core";

import type { GlobalOptions } from "../options.ts";
import { EXIT, printJson, printNote, toJsonLine } from "../output.ts";
import { parseJson, readStdin, readStdinLines } from "../read-input.ts";

/** Prints declarations that name the type `T`. */
export async function run(
  _args: readonly unknown[],
  { batch, json, profile = "exact" }: GlobalOptions,
): Promise<number> {
  if (batch) {
    for await (const line of readStdinLines()) {
      const taken = process.stdout.write(`${convertLine(line, profile)}\n`);
      if (!taken) await once(process.stdout, "drain");
    }
    return EXIT.ok;
  }
  const input = await readStdin();
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
    const given = isRecord(entry) ? entry : {};
    id = given["id"] ?? null;
    if (given["schema"] === undefined) throw new TypeError('The line has no "schema".');
    const { text } = schemaToDeclarations(toSchema(given["schema"]), { profile });
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
