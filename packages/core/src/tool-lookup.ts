import type { BoundServer } from "./bound-server.ts";
import { bindServers } from "./bound-server.ts";
import { nearestNames } from "./did-you-mean.ts";
import { CodemodeError } from "./errors.ts";
import type { ServerStatus } from "./tool-registry.ts";
import type { ToolDefinition } from "./tool.ts";

/** All spellings of all tools of one revision of the catalog. */
export interface ToolLookup {
  readonly servers: readonly BoundServer[];
  /** Sorted by canonical name. */
  readonly tools: readonly ToolDefinition[];
  find(name: string): ToolDefinition | undefined;
}

/**
 * Indexes tools by canonical name, `server__tool` and the spellings of the bindings, and the tool that
 * bears its server's name by that name alone. Canonical names win.
 */
export function createToolLookup(
  tools: readonly ToolDefinition[],
  serverNames: Iterable<string>,
): ToolLookup {
  const servers = bindServers(tools, serverNames);
  const bySpelling = new Map(tools.map((tool) => [tool.canonicalName, tool]));
  for (const server of servers) {
    for (const { identifier, path = identifier, definition } of server.tools) {
      const spellings = [
        `${server.identifier}.${path}`,
        `${server.identifier}.${identifier}`,
        `${server.server}.${identifier}`,
        `${server.identifier}.${definition.name}`,
        `${server.server}__${definition.name}`,
        `${server.identifier}__${identifier}`,
        // The tool that a server is named after is called by that name alone.
        ...(definition.name === server.server ? [server.server, server.identifier] : []),
      ];
      for (const spelling of spellings) {
        if (!bySpelling.has(spelling)) bySpelling.set(spelling, definition);
      }
    }
  }
  const sorted = tools.toSorted((a, b) => (a.canonicalName < b.canonicalName ? -1 : 1));
  return { servers, tools: sorted, find: (name) => bySpelling.get(name) };
}

/** Says which part of `name` is unknown, and what comes nearest. */
export function unknownToolError(
  name: string,
  lookup: Pick<ToolLookup, "tools">,
  statuses: readonly ServerStatus[],
): CodemodeError {
  const suggestions = nearestNames(
    name,
    lookup.tools.map((tool) => tool.canonicalName),
    3,
  );
  const shown = JSON.stringify(name.slice(0, 200));
  const status = statuses.find(
    ({ name: server }) => name === server || name.startsWith(`${server}.`),
  );
  if (status?.status === "failed" && status.error) {
    return new CodemodeError(
      "SERVER_UNAVAILABLE",
      `Tool ${shown} cannot be called: server "${status.name}" failed. ${status.error.message}`,
      { tool: name, retryable: true },
    );
  }
  if (status?.status === "unknown") {
    return new CodemodeError(
      "SERVER_UNAVAILABLE",
      `Tool ${shown} cannot be called yet: server "${status.name}" has not listed its tools. Try again shortly; a host of your own has to \`await registry.discoverAll()\` first.`,
      { tool: name, retryable: true },
    );
  }
  const options = { tool: name, details: { suggestions } };
  if (name === status?.name) {
    const some = lookup.tools.filter(({ server }) => server === name).slice(0, 5);
    const names = some.map(({ canonicalName }) => canonicalName).join(", ") || "it has none";
    const message = `${shown} is a server, not a tool. Its tools: ${names}${some.length < status.toolCount ? ", ..." : ""}.`;
    return new CodemodeError("TOOL_NOT_FOUND", message, options);
  }
  const [nearest] = suggestions;
  if (nearest !== undefined) {
    const message = `Tool ${shown} not found. Did you mean ${JSON.stringify(nearest)}?`;
    return new CodemodeError("TOOL_NOT_FOUND", message, options);
  }
  if (statuses.length === 0) {
    const message = `Tool ${shown} not found: no servers are configured, so there are no tools.`;
    return new CodemodeError("TOOL_NOT_FOUND", message, options);
  }
  if (status || !name.includes(".")) {
    const message = `Tool ${shown} not found. Search for it, or list the names of all tools.`;
    return new CodemodeError("TOOL_NOT_FOUND", message, options);
  }
  const known = statuses.map((server) => `"${server.name}"`).slice(0, 10);
  return new CodemodeError(
    "SERVER_NOT_FOUND",
    `Tool ${shown} not found: there is no such server. The servers are ${known.join(", ")}.`,
    options,
  );
}
