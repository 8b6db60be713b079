import type { Diagnostic, FunctionTool, ToolDefinition, ToolResult } from "../../src/index.ts";
import { createFunctionAdapter, createToolRegistry, toolResultToValue } from "../../src/index.ts";

/** A catalog of tools that were taken over, as the server `shop`. */
export interface TakenOver extends AsyncDisposable {
  readonly tools: readonly ToolDefinition[];
  readonly diagnostics: readonly Diagnostic[];
  /** Calls a tool; gives the value that a program would get. */
  call(name: string, args?: Record<string, never> | object): Promise<unknown>;
}

/** Registers and lists them. */
export async function takeOver(tools: Record<string, FunctionTool>): Promise<TakenOver> {
  const registry = createToolRegistry();
  registry.addAdapter(createFunctionAdapter({ name: "shop", tools }));
  const [status] = await registry.discoverAll();
  return {
    tools: registry.list({ includeDeferred: true }),
    diagnostics: status?.diagnostics ?? [],
    async call(name, args = {}) {
      const tool = `shop.${name}`;
      const call = { tool, args: { ...args }, callId: "call-1", executionId: "1" };
      const signal = AbortSignal.timeout(60_000);
      const result: ToolResult = await registry.callTool(call, { signal });
      return toolResultToValue(result, { canonicalName: tool });
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}
