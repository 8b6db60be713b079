import type { ToolAnnotations, ToolDefinition, ToolListing } from "@codemode/core";

import { createFreshness } from "./freshness.ts";
import { readHeaderParameters } from "./header-parameters.ts";
import { listAllTools } from "./list-tools.ts";
import type { McpClientLike } from "./mcp-options.ts";
import { featureTools, SERVER_FEATURES } from "./server-features.ts";
import type { RequestOptions } from "./server-request.ts";
import { toolPageReader } from "./server-request.ts";

/** The tools of one server, and what is remembered of the last listing. */
export interface Listing {
  /** Lists them anew. */
  read(client: McpClientLike, options: RequestOptions): Promise<ToolListing>;
  /** The tool where some of its arguments are sent as headers too. */
  definitionWithHeaders(tool: string): ToolDefinition | undefined;
  /** Whether the server has a tool of that name itself. */
  isOwn(tool: string): boolean;
  /** By what the server says of its tool; what it has beside tools is only read. */
  isRepeatable(tool: string): boolean;
  /** Whether the server said that the list is good for a time that is over. Says so once. */
  isOver(): boolean;
}

/** Nothing is listed yet. */
export function createListing(server: string): Listing {
  const freshness = createFreshness();
  let withHeaders: ReadonlyMap<string, ToolDefinition | undefined> = new Map();
  let own: ReadonlyMap<string, ToolAnnotations> = new Map();
  return {
    async read(client, options) {
      const readPage = freshness.watch(toolPageReader(client, options));
      const isModern = client.getProtocolEra?.() === "modern";
      const { tools, diagnostics } = await listAllTools(server, readPage, isModern);
      withHeaders = new Map(
        tools.filter(hasHeaders).map((tool) => [tool.name, isModern ? tool : undefined]),
      );
      own = new Map(tools.map((tool) => [tool.name, tool.annotations]));
      return { tools: [...tools, ...featureTools(server, client, tools)], diagnostics };
    },
    definitionWithHeaders: (tool) => withHeaders.get(tool),
    isOwn: (tool) => own.has(tool),
    isRepeatable(tool) {
      const annotations = own.get(tool);
      if (!annotations) return SERVER_FEATURES.some(({ name }) => name === tool);
      return annotations.readOnlyHint === true || annotations.idempotentHint === true;
    },
    isOver: () => freshness.isOver(),
  };
}

function hasHeaders({ inputSchema }: ToolDefinition): boolean {
  const read = readHeaderParameters(inputSchema);
  return "count" in read && read.count > 0;
}
