// @utcp/code-mode: an isolate in the host's process, built anew for each run; tool calls block.
import { CodeModeUtcpClient } from "@utcp/code-mode";
import { addFunctionToUtcpDirectCall } from "@utcp/direct-call";

const tool = (name, properties) => ({
  name,
  description: name,
  inputs: { type: "object", properties },
  outputs: { type: "object", properties: {} },
  tags: [],
  tool_call_template: { call_template_type: "direct-call", callable_name: name },
});

/** Functions are called with the arguments' values, in order. */
export async function createSubject({ echo, sleep }) {
  addFunctionToUtcpDirectCall("bench_manual", async () => ({
    utcp_version: "1.0.0",
    manual_version: "1.0.0",
    tools: [tool("echo", { text: { type: "string" } }), tool("sleep", { ms: { type: "number" } })],
  }));
  addFunctionToUtcpDirectCall("echo", async (text) => echo({ text }));
  addFunctionToUtcpDirectCall("sleep", async (ms) => sleep({ ms }));
  const client = await CodeModeUtcpClient.create();
  await client.registerManual({
    name: "bench",
    call_template_type: "direct-call",
    callable_name: "bench_manual",
  });
  const run = async (code) => {
    const { result, logs } = await client.callToolChain(code, 30_000);
    if (result === null) throw new Error(`no result: ${logs.join("\n")}`);
    return result;
  };
  return { runFresh: run, call: (name, args) => `bench.${name}(${args})` };
}
