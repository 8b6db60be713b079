import type { Diagnostic, ToolListing } from "@codemode/core";

import type { McpServerOptions } from "./mcp-options.ts";

/** Leaves out the tools that were not asked for. A name that no tool has is told. */
export function chooseTools(listing: ToolListing, options: McpServerOptions): ToolListing {
  const { name: server, includeTools, excludeTools = [] } = options;
  if (includeTools === undefined && excludeTools.length === 0) return listing;
  const { tools } = listing;
  const isChosen = (name: string): boolean =>
    (includeTools?.includes(name) ?? true) && !excludeTools.includes(name);
  const listed = new Set(tools.map(({ name }) => name));
  const strangers = [...(includeTools ?? []), ...excludeTools].filter((name) => !listed.has(name));
  const told = strangers.map((name): Diagnostic => {
    const message = `Server "${server}" lists no tool ${JSON.stringify(name)} to include or exclude. Correct the name.`;
    return { code: "TOOL_UNKNOWN", message };
  });
  return {
    tools: tools.filter(({ name }) => isChosen(name)),
    diagnostics: [...listing.diagnostics, ...told],
  };
}
