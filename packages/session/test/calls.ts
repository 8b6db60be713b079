import type { JsonObject, JsonSchema, ToolRegistry } from "@codemode/core";
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";

/** What every call of these tests is made with. */
export const callOptions = { signal: AbortSignal.timeout(60_000) };

/** A call of `tool`, as a program makes it. */
export function callOf(tool: string, args: JsonObject = {}) {
  return { tool, args, callId: "call-1", executionId: "execution-1" };
}

/** A registry with the one tool `shop.add`, which gives back its arguments. */
export async function registryWith(input: JsonSchema): Promise<ToolRegistry> {
  const registry = createToolRegistry();
  const add = { description: "Adds.", input, run: (args: unknown) => args };
  registry.addAdapter(createFunctionAdapter({ name: "shop", tools: { add } }));
  await registry.discoverAll();
  return registry;
}
