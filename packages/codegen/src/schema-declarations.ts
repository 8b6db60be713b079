import type { Diagnostic, JsonSchema } from "@codemode/core";

import { createTypePrinter } from "./emit-type.ts";
import { readSchema } from "./read-schema.ts";
import type { Docs, Profile } from "./type-printer.ts";

/** What is to be printed of a schema. */
export interface SchemaDeclarationsOptions {
  /** Default `exact`. */
  readonly profile?: Profile;
  /** Name of the type. Default `T`. */
  readonly name?: string;
  /** Default `none`. */
  readonly docs?: Docs;
}

/** TypeScript, and what could not be said in it. */
export interface GeneratedText {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Declarations that name one schema's type. Never throws: where all fails, the type is `unknown`. */
export function schemaToDeclarations(
  schema: JsonSchema,
  options: SchemaDeclarationsOptions = {},
): GeneratedText {
  const { profile = "exact", name = "T", docs = "none" } = options;
  try {
    const shape = readSchema(schema, { propertiesMeanObject: profile !== "exact" });
    // A type that refers to itself takes the name itself.
    const taken = new Set<string>();
    const printer = createTypePrinter({ profile, docs, taken });
    const text = printer.print(shape, name);
    const own = text === name ? [] : [`type ${name} = ${text};`];
    return { text: `${[...printer.aliases(), ...own].join("\n")}\n`, diagnostics: [] };
  } catch (error) {
    return { text: `type ${name} = unknown;\n`, diagnostics: [unreadable(name, error)] };
  }
}

/** Says that a schema was given up on. */
export function unreadable(what: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The schema of ${JSON.stringify(what)} cannot be read (${reason}); its type is the widest there is.`;
  return { code: "SCHEMA_UNREADABLE", message };
}
