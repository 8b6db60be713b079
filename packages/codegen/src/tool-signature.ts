import type { BoundServer, BoundTool } from "@codemode/core";

import { estimateTokens } from "./estimate-tokens.ts";
import { toolTypes } from "./tool-types.ts";

/** What is left out, step by step, until a signature fits: deep objects first, then members. */
const STEPS: readonly { readonly maxDepth: number; readonly maxMembers?: number }[] = [
  { maxDepth: 60 },
  { maxDepth: 4 },
  { maxDepth: 3 },
  { maxDepth: 2 },
  { maxDepth: 1 },
  { maxDepth: 1, maxMembers: 30 },
  { maxDepth: 1, maxMembers: 10 },
];

/**
 * A tool's call on one line: `github.get_issue(input: { owner: string; number: number }): Promise<any>`.
 * Over `budgetTokens` (default 400) deep objects become a name alone, then members are left out.
 */
export function toolSignature(
  server: BoundServer,
  tool: BoundTool,
  options: { readonly budgetTokens?: number } = {},
): string {
  const { budgetTokens = 400 } = options;
  const name = `${server.identifier}.${tool.path ?? tool.identifier}`;
  let text = "";
  for (const step of STEPS) {
    const { parameter, output } = toolTypes(tool, { docs: "none", taken: new Set(), ...step });
    text = `${name}(${parameter}): Promise<${output}>`;
    if (estimateTokens(text) <= budgetTokens) return text;
  }
  // One that is still too long has enormous names or choices.
  return estimateTokens(text) > budgetTokens * 2
    ? `${name}(input: { [k: string]: unknown }): Promise<any>`
    : text;
}
