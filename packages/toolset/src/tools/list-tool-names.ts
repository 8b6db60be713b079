import type { Session } from "@codemode/session";
import { z } from "zod";

import type { ToolsetTool } from "../toolset-tool.ts";
import { defineTool, success } from "../toolset-tool.ts";

/** Lists names, nothing else. */
export function listToolNamesTool(session: Session): ToolsetTool {
  return defineTool({
    name: "list_tool_names",
    description: "List tool names, optionally of one server or containing all keywords.",
    input: z.strictObject({
      server: z.string().optional(),
      keywords: z.array(z.string()).optional(),
      limit: z.int().min(1).max(1_000).optional(),
      includeDeferred: z.boolean().optional(),
    }),
    annotations: { title: "List tool names", readOnlyHint: true, openWorldHint: false },
    run(given) {
      const options = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      );
      const { names, total, truncated } = session.registry.listNames(options);
      const failed = total === 0 ? failedServers(session, given.server) : [];
      return success({
        names,
        total,
        ...(truncated ? { truncated } : {}),
        ...(failed.length > 0 ? { hint: failed.join(" ") } : {}),
      });
    },
  });
}

/** Nothing is listed of a server that failed: that is no server without tools. */
function failedServers(session: Session, server: string | undefined): readonly string[] {
  return session.registry
    .servers()
    .filter(({ name, error }) => error && (server === undefined || name === server))
    .map(({ name, error }) => `Server ${JSON.stringify(name)} failed. ${error?.message ?? ""}`);
}
