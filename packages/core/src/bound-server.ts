import { assignIdentifiers, nameToIdentifier } from "./tool-name.ts";
import type { ToolDefinition } from "./tool.ts";

/** A tool with the identifier that programs call it by. */
export interface BoundTool {
  readonly identifier: string;
  /** How programs write a name with dots, as `resources.read`; the identifier works too. */
  readonly path?: string;
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
  const identifiers = assignIdentifiers(byName.keys());
  const taken = new Set([...identifiers.keys(), ...identifiers.values()]);
  const bound: BoundTool[] = [];
  for (const [name, identifier] of identifiers) {
    const definition = byName.get(name);
    if (!definition) continue;
    bound.push(
      isPath(name, taken) ? { identifier, path: name, definition } : { identifier, definition },
    );
  }
  return bound.toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1));
}

/** `a.b.c` is one where each part can be written as it is and neither `a` nor `a.b` is a tool. */
function isPath(name: string, taken: ReadonlySet<string>): boolean {
  const parts = name.split(".");
  if (parts.length < 2 || parts.length > MAX_PARTS) return false;
  return parts.every(
    (part, index) =>
      (nameToIdentifier(part) === part || (index > 0 && MEMBER_NAMES.has(part))) &&
      (index === 0 || !taken.has(parts.slice(0, index).join("."))),
  );
}

const MAX_PARTS = 5;

/** Words that name no binding, and are well-known as a member of one. */
const MEMBER_NAMES: ReadonlySet<string> = new Set(
  "artifacts as async codemode fetch from get is of performance process set skills tools type".split(
    " ",
  ),
);
