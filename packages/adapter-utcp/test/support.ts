import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { JsonObject, JsonValue, ServerStatus } from "@codemode/core";
import { createToolRegistry, toolResultToValue } from "@codemode/core";

import type { UtcpAdapterOptions } from "../src/index.ts";
import { createUtcpAdapter, createVariableSource } from "../src/index.ts";

/** One manual in a catalog of its own. */
interface OpenManual extends AsyncDisposable {
  readonly status: ServerStatus | undefined;
  readonly names: readonly string[];
  call(tool: string, args?: JsonObject): Promise<JsonValue>;
}

/** Opens a manual whose variables are those given, and nothing else. */
export async function openManual(
  template: UtcpAdapterOptions["template"],
  options: Omit<UtcpAdapterOptions, "template"> & { readonly env?: Record<string, string> } = {},
): Promise<OpenManual> {
  const { env = {}, ...rest } = options;
  const registry = createToolRegistry();
  const variables = createVariableSource({ env });
  registry.addAdapter(createUtcpAdapter({ template, variables, ...rest }));
  const [status] = await registry.discoverAll();
  return {
    status,
    names: registry.listNames().names,
    async call(tool, args = {}) {
      const call = { tool, args, callId: "c", executionId: "e" };
      const result = await registry.callTool(call, { signal: AbortSignal.timeout(60_000) });
      const definition = registry.get(tool) ?? { canonicalName: tool };
      return toolResultToValue(result, definition);
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

/** A manual of tools, as a text. */
export function textManual(
  tools: readonly { readonly name: string; readonly [key: string]: unknown }[],
  allowed: readonly string[],
): UtcpAdapterOptions["template"] {
  return {
    name: "local",
    call_template_type: "text",
    content: JSON.stringify({ utcp_version: "1.0.1", manual_version: "1.0.0", tools }),
    allowed_communication_protocols: allowed,
  };
}

/** A server on this machine for as long as it is used. */
export async function serve(
  answer: (request: IncomingMessage & { readonly body: string }, response: ServerResponse) => void,
): Promise<AsyncDisposable & { readonly origin: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () =>
      answer(Object.assign(request, { body: Buffer.concat(chunks).toString() }), response),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
