import { firstSentence, toolDeclaration, toolSignature } from "@codemode/codegen";
import type { BoundServer, BoundTool, ToolDefinition, ToolRegistry } from "@codemode/core";
import { CodemodeError, didYouMean } from "@codemode/core";
import type { ToolIndex } from "@codemode/search";
import { createToolIndex } from "@codemode/search";

import type { SearchToolsOptions, SearchToolsResult, ToolDetails, ToolMatch } from "./session.ts";

/** Finds and describes tools; the index is made once for each revision of the registry. */
export interface ToolFinder {
  search(query: string | readonly string[], options?: SearchToolsOptions): SearchToolsResult;
  /** Throws `TOOL_NOT_FOUND` with a suggestion. */
  describe(name: string): ToolDetails;
  /** `undefined` where there is no such tool. */
  signature(name: string): string | undefined;
}

interface Indexed {
  readonly revision: number;
  readonly index: ToolIndex;
  readonly bound: ReadonlyMap<string, Bound>;
}

interface Bound {
  readonly server: BoundServer;
  readonly tool: BoundTool;
}

/** Searches the registry as it is at the time of each question. */
export function createToolFinder(registry: ToolRegistry): ToolFinder {
  let cached: Indexed | undefined;
  const indexed = (): Indexed => {
    if (cached?.revision !== registry.revision) cached = indexRegistry(registry);
    return cached;
  };
  const boundNamed = (name: string): Bound | undefined => {
    const definition = registry.get(name);
    return definition && indexed().bound.get(definition.canonicalName);
  };
  return {
    search(query, options = {}) {
      const { index, bound } = indexed();
      const found = index.search(query, options);
      const matches = found.hits.map(({ tool, score }) => toMatch(tool, score, bound));
      const hint = searchHint(registry, matches.length, found.confidence);
      return { matches, total: found.total, ...(hint === undefined ? {} : { hint }) };
    },
    describe(name) {
      const bound = boundNamed(name);
      if (bound) return toDetails(bound);
      const names = registry.list({ includeDeferred: true }).map((tool) => tool.canonicalName);
      const message = `Tool ${JSON.stringify(name)} not found.${didYouMean(name, names)}`;
      throw new CodemodeError("TOOL_NOT_FOUND", message, { tool: name });
    },
    signature(name) {
      const bound = boundNamed(name);
      return bound && toolSignature(bound.server, bound.tool);
    },
  };
}

function indexRegistry(registry: ToolRegistry): Indexed {
  const serverDescriptions = new Map<string, string>();
  for (const { name, description } of registry.servers()) {
    if (description !== undefined) serverDescriptions.set(name, description);
  }
  const bound = new Map<string, Bound>();
  for (const server of registry.bindings()) {
    for (const tool of server.tools) bound.set(tool.definition.canonicalName, { server, tool });
  }
  const index = createToolIndex(registry.list({ includeDeferred: true }), { serverDescriptions });
  return { revision: registry.revision, index, bound };
}

function toMatch(
  tool: ToolDefinition,
  score: number,
  bound: ReadonlyMap<string, Bound>,
): ToolMatch {
  const names = bound.get(tool.canonicalName);
  return {
    name: tool.canonicalName,
    signature: names ? toolSignature(names.server, names.tool) : tool.canonicalName,
    summary: firstSentence(tool.description),
    deferred: tool.deferLoading,
    score,
  };
}

function toDetails({ server, tool }: Bound): ToolDetails {
  return {
    definition: tool.definition,
    signature: toolSignature(server, tool),
    declaration: toolDeclaration(server, tool, { docs: "full" }),
    imports: [
      `import { ${tool.identifier} } from "generated/servers/${server.identifier}";`,
      `import { ${tool.identifier} } from "generated/mcp/${server.identifier}";`,
    ],
  };
}

function searchHint(
  registry: ToolRegistry,
  matches: number,
  confidence: "high" | "low" | "none",
): string | undefined {
  const servers = registry.servers();
  if (servers.length === 0) return "No servers are configured, so there are no tools to find.";
  const failed = servers.filter((server) => server.status === "failed").map(({ name }) => name);
  const missing =
    failed.length === 0 ? "" : ` Not searched, because they failed: ${failed.join(", ")}.`;
  if (matches === 0) {
    const names = servers.map((server) => server.name).slice(0, 20);
    return `Nothing matches. Try other words, or list the names of one server: ${names.join(", ")}.${missing}`;
  }
  if (confidence === "high" && missing === "") return undefined;
  const weak = confidence === "high" ? "" : "The matches are weak: try other words.";
  return `${weak}${missing}`.trim();
}
