import type { Diagnostic, JsonSchema } from "@codemode/core";

import { createTypePrinter } from "./emit-type.ts";
import { readSchema } from "./read-schema.ts";
import { shareTypes } from "./share-types.ts";
import { tooComplex, unreadable } from "./type-diagnostics.ts";
import type { Docs, Profile } from "./type-printer.ts";
import { unknownTypes } from "./unknown-types.ts";

/** What is to be printed of a schema. */
export interface SchemaDeclarationsOptions {
  /** Default `exact`. */
  readonly profile?: Profile;
  /** Name of the type, an identifier. Default `T`. */
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
    const { shape, pool } = readSchema(schema, { propertiesMeanObject: profile !== "exact" });
    const { text, aliases, isCut } = shareTypes([name], (pass) => {
      const printer = createTypePrinter({ profile, docs, rootName: name, ...pass });
      const printed = printer.print(shape, name);
      return { text: printed, aliases: printer.aliases(), isCut: printer.isCut() };
    });
    const own = text === name ? [] : [`type ${name} = ${text};`];
    const declarations = [...aliases, ...own];
    const complex = isCut || pool.isExhausted() ? [tooComplex(name)] : [];
    const diagnostics = [...complex, ...unknownTypes(JSON.stringify(name), schema)];
    return { text: `${declarations.join("\n")}\n`, diagnostics };
  } catch (error) {
    return { text: `type ${name} = unknown;\n`, diagnostics: [unreadable(name, error)] };
  }
}
