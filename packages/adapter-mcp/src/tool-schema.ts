import type { JsonSchema } from "@codemode/core";
import { isRecord } from "@codemode/core";

/** A schema that can be used, and what had to be done for that. */
export interface ReadSchema<Schema> {
  readonly schema: Schema;
  /** For a diagnostic. */
  readonly repair?: string;
}

// Deeper ones cannot be encoded or walked; the deepest of real servers have some 20 levels.
const MAX_DEPTH = 100;

/** The schema of a tool's arguments, which are always an object. */
export function toInputSchema(value: unknown): ReadSchema<JsonSchema> {
  const anything = { type: "object" };
  if (value === undefined || value === null)
    return { schema: anything, repair: "it has no input schema, so it takes any object" };
  if (!isRecord(value))
    return { schema: anything, repair: "its input schema is no object, so it takes any object" };
  if (!fits(value))
    return {
      schema: anything,
      repair: `its input schema is more than ${MAX_DEPTH} levels deep, so it takes any object`,
    };
  const { type } = value;
  if (type === "object") return { schema: value };
  if (type === undefined) {
    const repair = 'its input schema has no "type", which is "object"';
    return { schema: { ...value, type: "object" }, repair };
  }
  return {
    schema: anything,
    repair: "its input schema is not for an object, so it takes any object",
  };
}

/** The schema of a tool's answer. One that cannot be used is left out. */
export function toOutputSchema(value: unknown): ReadSchema<JsonSchema | undefined> {
  if (value === undefined || value === null) return { schema: undefined };
  if (typeof value === "boolean") return { schema: value };
  if (isRecord(value) && fits(value)) return { schema: value };
  const why = isRecord(value) ? `is more than ${MAX_DEPTH} levels deep` : "is no schema";
  return { schema: undefined, repair: `its output schema ${why} and is left out` };
}

function fits(schema: Readonly<Record<string, unknown>>): boolean {
  let level: readonly unknown[] = [schema];
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    level = level.flatMap((item) =>
      typeof item === "object" && item !== null ? Object.values(item) : [],
    );
    if (level.length === 0) return true;
  }
  return false;
}
