import type { Session } from "@codemode/session";
import { z } from "zod";

import type { ToolsetTool } from "../toolset-tool.ts";
import { compact, defineTool, success } from "../toolset-tool.ts";

/** Lists the servers and how they stand. */
export function listServersTool(session: Session): ToolsetTool {
  return defineTool({
    name: "list_servers",
    description: "List servers with status and number of tools.",
    input: z.strictObject({}),
    annotations: { title: "List servers", readOnlyHint: true, openWorldHint: false },
    run() {
      const servers = session.registry
        .servers()
        .map(({ name, description, status, toolCount, error, diagnostics }) =>
          compact({
            name,
            status,
            tools: toolCount,
            description,
            error: error?.message,
            problems: diagnostics.map(({ message }) => message),
          }),
        );
      return success({ servers });
    },
  });
}
