import type { Session } from "@codemode/session";
import { z } from "zod";

import type { ToolsetTool } from "../toolset-tool.ts";
import { compact, defineTool, success } from "../toolset-tool.ts";
import { foundSkills } from "./skills/found-skills.ts";

/** Finds tools by what they do. */
export function searchToolsTool(session: Session): ToolsetTool {
  return defineTool({
    name: "search_tools",
    description:
      "Find tools by what they do; gives the signatures to call in execute_code. One need per query; an array is several wordings of one need.",
    input: z.strictObject({
      query: z.union([z.string(), z.array(z.string()).min(1)]),
      server: z.string().optional(),
      limit: z.int().min(1).max(50).optional(),
    }),
    annotations: { title: "Search tools", readOnlyHint: true, openWorldHint: false },
    async run({ query, server, limit }) {
      const found = session.searchTools(query, {
        ...(server === undefined ? {} : { server }),
        ...(limit === undefined ? {} : { limit }),
      });
      const tools = found.matches.map(({ name, signature, summary }) => ({
        name,
        signature,
        summary,
      }));
      const { skills: store } = session;
      const skills = store && server === undefined ? await foundSkills(store, query) : undefined;
      return success(compact({ tools, total: found.total, skills, hint: found.hint }));
    },
  });
}
