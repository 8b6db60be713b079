import type { ContentBlock, JsonValue, ToolResult } from "@codemode/core";
import { z } from "zod";

/** A tool's answer, whatever kinds of content it has. */
export const callResultSchema = z.looseObject({
  content: z
    .array(z.looseObject({ type: z.string() }))
    .default([])
    .catch([]),
  structuredContent: z.json().optional().catch(undefined),
  isError: z.boolean().optional().catch(undefined),
  _meta: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/** The answer in the catalog's terms. */
export function toToolResult(answer: z.output<typeof callResultSchema>): ToolResult {
  const { content, structuredContent, isError, _meta } = answer;
  const blocks: readonly ContentBlock[] = content;
  const structured: JsonValue | undefined = structuredContent;
  return {
    content: blocks,
    ...(structured === undefined ? {} : { structuredContent: structured }),
    ...(isError === undefined ? {} : { isError }),
    ...(_meta === undefined ? {} : { meta: _meta }),
  };
}
