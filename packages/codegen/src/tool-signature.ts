import type { BoundServer, BoundTool } from "@codemode/core";

import { estimateTokens } from "./estimate-tokens.ts";
import { toolTypes } from "./tool-types.ts";

// Deep objects are left out level by level until the signature fits.
const DEPTHS = [60, 4, 3, 2, 1];

/**
 * A tool's call on one line: `github.get_issue(input: { owner: string; number: number }): Promise<any>`.
 * Over `budgetTokens` (default 400) the inner types of deep objects become `unknown` or `any`.
 */
export function toolSignature(
  server: BoundServer,
  tool: BoundTool,
  options: { readonly budgetTokens?: number } = {},
): string {
  const { budgetTokens = 400 } = options;
  let text = "";
  for (const maxDepth of DEPTHS) {
    const { parameter, output } = toolTypes(tool, { docs: "none", taken: new Set(), maxDepth });
    text = `${server.identifier}.${tool.identifier}(${parameter}): Promise<${output}>`;
    if (estimateTokens(text) <= budgetTokens) return text;
  }
  const parameter = "input: { [k: string]: unknown }";
  const bare = `${server.identifier}.${tool.identifier}(${parameter}): Promise<any>`;
  return estimateTokens(text) > budgetTokens * 2 ? bare : text;
}
