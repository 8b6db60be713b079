import type { Session } from "@codemode/session";

import { callToolTool } from "./tools/call-tool.ts";
import { executeCodeTool } from "./tools/execute-code.ts";
import { getToolDetailsTool } from "./tools/get-tool-details.ts";
import { listServersTool } from "./tools/list-servers.ts";
import { listToolNamesTool } from "./tools/list-tool-names.ts";
import { readArtifactTool } from "./tools/read-artifact.ts";
import { searchToolsTool } from "./tools/search-tools.ts";
import { changingSkillTools } from "./tools/skills/change-skills.ts";
import { readingSkillTools } from "./tools/skills/read-skills.ts";
import { runSkillTool } from "./tools/skills/run-skill.ts";
import type { ToolsetTool } from "./toolset-tool.ts";

/** What a toolset serves. */
export interface ToolsetOptions {
  readonly session: Session;
  /** Whether a model may call tools one by one. Default `false`. */
  readonly allowDirectToolCalls?: boolean;
  /** Whether models get the tools that run programs and look into the catalog. Default `true`. */
  readonly codemode?: boolean;
  /**
   * Whether models get the tools that find, read, save and run skills, where the session has them.
   * Default `false`: programs alone use skills.
   */
  readonly skills?: boolean;
}

/** The tools a model sees instead of the whole catalog, sorted by name. */
export interface Toolset {
  readonly tools: readonly ToolsetTool[];
}

/** The meta-tools of a session; the same for every caller, so that prompts stay cached. */
export function createToolset(options: ToolsetOptions): Toolset {
  const { codemode = true, skills = false } = options;
  const tools = [
    ...(codemode ? codemodeTools(options) : []),
    ...(skills ? skillTools(options) : []),
  ];
  return { tools: tools.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function codemodeTools({
  session,
  allowDirectToolCalls = false,
}: ToolsetOptions): readonly ToolsetTool[] {
  return [
    ...(allowDirectToolCalls ? [callToolTool(session)] : []),
    executeCodeTool(session),
    getToolDetailsTool(session),
    listServersTool(session),
    listToolNamesTool(session),
    ...(session.artifacts ? [readArtifactTool(session.artifacts)] : []),
    searchToolsTool(session),
  ];
}

function skillTools({ session }: ToolsetOptions): readonly ToolsetTool[] {
  const { skills } = session;
  if (!skills) return [];
  return [...readingSkillTools(skills), ...changingSkillTools(skills), runSkillTool(session)];
}
