import type { JsonObject, JsonValue, ToolAnnotations } from "@codemode/core";
import { z } from "zod";

export const READ_ONLY = {
  readOnlyHint: true,
  openWorldHint: false,
} as const satisfies ToolAnnotations;

export const statusSchema = z.enum(["draft", "active", "archived"]);

/** Which skill is meant: models write the one word or the other. */
export const NAME_ALIASES = { skill_name: "name" } as const;
export const SKILL_NAME_ALIASES = { name: "skill_name" } as const;

/** Any object of JSON; spelled out, its schema would cost models a hundred tokens. */
export const jsonObject = z
  .looseObject({})
  .transform((value): JsonObject => JSON.parse(JSON.stringify(value)));

/** Any list of JSON. */
export const jsonList = z
  .array(z.unknown())
  .transform((value): readonly JsonValue[] => JSON.parse(JSON.stringify(value)));

/** What was given, without what was not. */
export function given<Options extends object>(
  options: Options,
): { [Key in keyof Options]: Exclude<Options[Key], undefined> } {
  const kept = Object.entries(options).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entries lose the types of keys
  return Object.fromEntries(kept) as never;
}
