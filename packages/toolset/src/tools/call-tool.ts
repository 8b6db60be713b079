import type { JsonValue } from "@codemode/core";
import type { Session } from "@codemode/session";
import { z } from "zod";

import type { ToolsetTool } from "../toolset-tool.ts";
import { defineTool, success } from "../toolset-tool.ts";

/** Calls one tool without a program. */
export function callToolTool(session: Session): ToolsetTool {
  return defineTool({
    name: "call_tool",
    description: "Call one tool directly. For several calls use execute_code.",
    input: z.strictObject({
      name: z.string(),
      arguments: z.record(z.string(), z.json()).optional(),
    }),
    annotations: { title: "Call tool", destructiveHint: true, openWorldHint: true },
    async run({ name, arguments: args }, options) {
      const given: JsonValue = args ?? {};
      const { value } = await session.callTool(name, given, options);
      return success({ ok: true, result: value });
    },
  });
}
