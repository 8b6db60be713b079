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
  /** Most members of an object type; the others become a comment. */
  readonly maxMembers: number;
  /** The text of a type; `hint` names an alias if it becomes one. */
  print(shape: LazyShape, hint: string): string;
  /** Object types here are given by name alone. */
  isTooDeep(): boolean;
  /** A name that no other type has. */
  newName(hint: string): string;
  /** `type X = ...;` for each alias made so far. */
  aliases(): readonly string[];
  /** Whether something was left out because there was too much. */
  isCut(): boolean;
}

/** The widest type: what a reader may use as it likes, what a writer may fill as it likes. */
export function unknownType(profile: Profile): string {
  return profile === "output" ? "any" : "unknown";
}
