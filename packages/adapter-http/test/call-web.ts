import type { JsonObject, JsonValue } from "@codemode/core";
import { createToolRegistry, toolResultToValue } from "@codemode/core";

import type { HttpAdapterOptions } from "../src/index.ts";
import { createHttpAdapter } from "../src/index.ts";

/** Calls the tool that the options describe, once, and gives its value. */
export async function call(
  options: Partial<HttpAdapterOptions>,
  args: JsonObject = {},
  tool = "web",
): Promise<JsonValue> {
  await using registry = createToolRegistry();
  registry.addAdapter(createHttpAdapter({ name: "web", ...options }));
  await registry.discoverAll();
  const request = { tool: `web.${tool}`, args, callId: "1", executionId: "1" };
  const result = await registry.callTool(request, { signal: AbortSignal.timeout(60_000) });
  return toolResultToValue(result, registry.get(request.tool) ?? { canonicalName: request.tool });
}
