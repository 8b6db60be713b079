import type { BoundServer, JsonSchema, ToolDefinition } from "@codemode/core";
import { bindServers, canonicalName } from "@codemode/core";

/** What a test says of a tool; the rest is empty. */
export interface ToolSketch {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: JsonSchema;
  readonly outputSchema?: JsonSchema;
}

/** A server with these tools, named as a session names them. */
export function boundServer(server: string, tools: readonly ToolSketch[]): BoundServer {
  const [bound] = bindServers(tools.map((tool) => definition(server, tool)));
  if (!bound) throw new Error("A server needs a tool.");
  return bound;
}

function definition(server: string, sketch: ToolSketch): ToolDefinition {
  return {
    server,
    canonicalName: canonicalName(server, sketch.name),
    description: "",
    inputSchema: { type: "object" },
    inputExamples: [],
    deferLoading: false,
    annotations: {},
    tags: [],
    meta: {},
    ...sketch,
  };
}
