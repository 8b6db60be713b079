import { firstSentence, toolDeclaration, toolSignature } from "@codemode/codegen";
import type { BoundServer, BoundTool, ToolDefinition, ToolRegistry } from "@codemode/core";
import { CodemodeError, didYouMean, unknownToolError } from "@codemode/core";
import type { ToolIndex, ToolSearchResult } from "@codemode/search";
import { createToolIndex } from "@codemode/search";

import type { SearchToolsOptions, SearchToolsResult, ToolDetails, ToolMatch } from "./session.ts";

/** Finds and describes tools; the index is made once for each revision of the registry. */
export interface ToolFinder {
  /** Throws `SERVER_NOT_FOUND` with a suggestion. */
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
      const { server } = options;
      const scoped =
        server === undefined ? options : { ...options, server: serverNamed(registry, server) };
      const found = index.search(query, scoped);
      const matches = found.hits.map(({ tool, score }) => toMatch(tool, score, bound));
      const hint = searchHint(registry, found);
      return { matches, total: found.total, ...(hint === undefined ? {} : { hint }) };
    },
    describe(name) {
      const bound = boundNamed(name);
      if (bound) return toDetails(bound);
      const tools = registry.list({ includeDeferred: true });
      throw unknownToolError(name, { tools }, registry.servers());
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
  const [imported] = (tool.path ?? tool.identifier).split(".");
  return {
    definition: tool.definition,
    signature: toolSignature(server, tool),
    declaration: toolDeclaration(server, tool, { docs: "full" }),
    imports: [
      `import { ${imported} } from "generated/servers/${server.identifier}";`,
      `import { ${imported} } from "generated/mcp/${server.identifier}";`,
    ],
  };
}

/** By its name, or as programs write it. */
function serverNamed(registry: ToolRegistry, name: string): string {
  const names = registry.servers().map((server) => server.name);
  if (names.includes(name)) return name;
  const written = registry.bindings().find(({ identifier }) => identifier === name);
  if (written) return written.server;
  const shown = names.slice(0, MAX_SERVERS).map((known) => JSON.stringify(known));
  const known = shown.length === 0 ? "There are none." : `The servers are ${shown.join(", ")}.`;
  const message = `Server ${JSON.stringify(name)} not found.${didYouMean(name, names)} ${known}`;
  throw new CodemodeError("SERVER_NOT_FOUND", message);
}

const MAX_SERVERS = 20;
const MAX_WORDS = 10;

function searchHint(
  registry: ToolRegistry,
  { hits, confidence, unmatched }: ToolSearchResult,
): string | undefined {
  const servers = registry.servers();
  if (servers.length === 0) return "No servers are configured, so there are no tools to find.";
  const failed = servers.filter((server) => server.status === "failed").map(({ name }) => name);
  const missing =
    failed.length === 0 ? "" : ` Not searched, because they failed: ${failed.join(", ")}.`;
  const words = unmatched.slice(0, MAX_WORDS).map((word) => JSON.stringify(word.slice(0, 40)));
  const unknown = words.length === 0 ? "" : ` No tool knows ${words.join(", ")}.`;
  if (hits.length === 0) {
    const names = servers.map((server) => server.name).slice(0, MAX_SERVERS);
    return `Nothing matches.${unknown} Try other words, or list the names of one server: ${names.join(", ")}.${missing}`;
  }
  if (confidence === "high" && missing === "") return undefined;
  const weak = confidence === "high" ? "" : `The matches are weak.${unknown} Try other words.`;
  return `${weak}${missing}`.trim();
}
