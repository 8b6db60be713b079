import type { JsonObject } from "@codemode/core";
import type { Session } from "@codemode/session";
import type { SkillStore } from "@codemode/skills";
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
    async run() {
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
      const skills = session.skills && (await skillsEntry(session.skills));
      return success(compact({ servers, skills }));
    },
  });
}

/** Skills are no server, but are imported as one. */
async function skillsEntry(skills: SkillStore): Promise<JsonObject | undefined> {
  try {
    const { total } = await skills.list({ limit: 1 });
    if (total === 0) return undefined;
    return {
      count: total,
      import: 'import { name } from "skills/name"',
      tools: "generated/skills",
    };
  } catch {
    // Servers are listed without them; a tool for skills tells what is wrong.
    return undefined;
  }
}
