import type { JsonValue } from "@codemode/core";
import type { Session } from "@codemode/session";
import { z } from "zod";

import type { ToolsetTool } from "../toolset-tool.ts";
import { compact, defineTool, success } from "../toolset-tool.ts";

/** Tells all there is to know of some tools. */
export function getToolDetailsTool(session: Session): ToolsetTool {
  return defineTool({
    name: "get_tool_details",
    description: "Full TypeScript declarations of tools, with docs.",
    input: z.strictObject({
      names: z.array(z.string()).min(1).max(20),
      schemas: z.boolean().optional().describe("Also the JSON Schemas"),
    }),
    annotations: { title: "Get tool details", readOnlyHint: true, openWorldHint: false },
    run({ names, schemas = false }) {
      const tools = names.map((name) => {
        const { definition, declaration, imports } = session.describeTool(name);
        const { canonicalName, inputSchema, outputSchema } = definition;
        const both = schemas
          ? { inputSchema: toJson(inputSchema), outputSchema: toJson(outputSchema) }
          : {};
        return compact({ name: canonicalName, declaration, import: imports[0], ...both });
      });
      return success({ tools });
    },
  });
}

/** Schemas came out of JSON. */
function toJson(schema: unknown): JsonValue | undefined {
  if (schema === undefined) return undefined;
  const value: JsonValue = JSON.parse(JSON.stringify(schema));
  return value;
}
