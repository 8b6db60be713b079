// @ai-sdk/code-mode: QuickJS in a worker thread for each run.
import { experimental_runCodeMode } from "@ai-sdk/code-mode";
import { jsonSchema, tool } from "ai";

export async function createSubject({ echo, sleep }) {
  const inputSchema = jsonSchema({ type: "object", properties: {} });
  const tools = {
    echo: tool({ description: "echo", inputSchema, execute: echo }),
    sleep: tool({ description: "sleep", inputSchema, execute: sleep }),
  };
  const runFresh = (js) =>
    experimental_runCodeMode({
      js,
      tools,
      options: { executionPolicy: { maxBridgeRequests: 10_000, maxInFlightBridgeRequests: 2_000 } },
    });
  return { runFresh, call: (name, args) => `tools.${name}(${args})` };
}
