import { assignIdentifiers } from "./tool-name.ts";
import type { ToolDefinition } from "./tool.ts";

/** A tool with the identifier that programs call it by. */
export interface BoundTool {
  readonly identifier: string;
  readonly definition: ToolDefinition;
}

/** A server with the identifiers of its namespace and its tools: what bindings are made from. */
export interface BoundServer {
  readonly server: string;
  readonly identifier: string;
  readonly tools: readonly BoundTool[];
}

/** Groups tools by server and names everything, sorted and deterministic. Servers without tools still get a name. */
export function bindServers(
  tools: readonly ToolDefinition[],
  servers: Iterable<string> = [],
): readonly BoundServer[] {
  const byServer = new Map<string, ToolDefinition[]>();
  for (const server of servers) byServer.set(server, []);
  for (const tool of tools) {
    const list = byServer.get(tool.server);
    if (list) list.push(tool);
    else byServer.set(tool.server, [tool]);
  }
  const serverNames = assignIdentifiers(byServer.keys());
  return [...serverNames]
    .map(([server, identifier]) => ({
      server,
      identifier,
      tools: bindTools(byServer.get(server) ?? []),
    }))
    .toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1));
}

function bindTools(tools: readonly ToolDefinition[]): readonly BoundTool[] {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const bound: BoundTool[] = [];
  for (const [name, identifier] of assignIdentifiers(byName.keys())) {
    const definition = byName.get(name);
    if (definition) bound.push({ identifier, definition });
  }
  return bound.toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1));
}
