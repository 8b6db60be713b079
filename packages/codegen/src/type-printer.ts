import type { LazyShape } from "./shape.ts";

/**
 * What the types are for. `exact`: as near to the schema as types come. `input`: what a model writes;
 * a default makes a property optional, unknown properties are errors. `output`: what a model reads;
 * `any` where nothing is known.
 */
export type Profile = "exact" | "input" | "output";

/** How much of the descriptions goes along. */
export type Docs = "none" | "first" | "full";

/** A printer of shapes: it keeps the aliases that recursion and repetition need. */
export interface TypePrinter {
  readonly profile: Profile;
  readonly docs: Docs;
  /** The text of a type; `hint` names an alias if it becomes one. */
  print(shape: LazyShape, hint: string): string;
  /** `type X = ...;` for each alias made so far, in order of name. */
  aliases(): readonly string[];
}

/** The widest type: what a reader may use as it likes, what a writer may fill as it likes. */
export function unknownType(profile: Profile): string {
  return profile === "output" ? "any" : "unknown";
}
