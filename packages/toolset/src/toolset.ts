import type { Session } from "@codemode/session";

import { callToolTool } from "./tools/call-tool.ts";
import { executeCodeTool } from "./tools/execute-code.ts";
import { getToolDetailsTool } from "./tools/get-tool-details.ts";
import { listServersTool } from "./tools/list-servers.ts";
import { listToolNamesTool } from "./tools/list-tool-names.ts";
import { readArtifactTool } from "./tools/read-artifact.ts";
import { searchToolsTool } from "./tools/search-tools.ts";
import type { ToolsetTool } from "./toolset-tool.ts";

/** What a toolset serves. */
export interface ToolsetOptions {
  readonly session: Session;
  /** Whether a model may call tools one by one. Default `false`. */
  readonly allowDirectToolCalls?: boolean;
}

/** The tools a model sees instead of the whole catalog, sorted by name. */
export interface Toolset {
  readonly tools: readonly ToolsetTool[];
}

/** The meta-tools of a session; the same for every caller, so that prompts stay cached. */
export function createToolset({ session, allowDirectToolCalls = false }: ToolsetOptions): Toolset {
  const tools = [
    ...(allowDirectToolCalls ? [callToolTool(session)] : []),
    executeCodeTool(session),
    getToolDetailsTool(session),
    listServersTool(session),
    listToolNamesTool(session),
    ...(session.artifacts ? [readArtifactTool(session.artifacts)] : []),
    searchToolsTool(session),
  ];
  return { tools };
}
