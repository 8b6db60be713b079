import type { ToolAnnotations } from "@codemode/core";
import { z } from "zod";

/** What a file says of a tool's behaviour. */
export const annotationsSchema = z
  .strictObject({
    title: z.string().optional().describe("A name for people"),
    read_only: z.boolean().optional().describe("It changes nothing"),
    destructive: z.boolean().optional().describe("It may destroy something"),
    idempotent: z.boolean().optional().describe("Twice is the same as once"),
    open_world: z.boolean().optional().describe("It reaches beyond this machine"),
  })
  .describe("What policies and people should know of it");

/** The same with the names that tools have. */
export function toAnnotations(said: z.output<typeof annotationsSchema>): ToolAnnotations {
  const { title, read_only, destructive, idempotent, open_world } = said;
  return {
    ...(title === undefined ? {} : { title }),
    ...(read_only === undefined ? {} : { readOnlyHint: read_only }),
    ...(destructive === undefined ? {} : { destructiveHint: destructive }),
    ...(idempotent === undefined ? {} : { idempotentHint: idempotent }),
    ...(open_world === undefined ? {} : { openWorldHint: open_world }),
  };
}
