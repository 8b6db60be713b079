import type { ToolDefinition } from "../src/index.ts";

/** A tool that takes anything. */
export function definition(server: string, name: string, description = ""): ToolDefinition {
  return {
    server,
    name,
    canonicalName: `${server}.${name}`,
    description,
    inputSchema: true,
    inputExamples: [],
    deferLoading: false,
    annotations: {},
    tags: [],
    meta: {},
  };
}
