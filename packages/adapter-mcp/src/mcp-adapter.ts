import type { ToolAdapter, ToolCall, ToolCallOptions, ToolResult } from "@codemode/core";
import type { z } from "zod";

import { callResultSchema, toToolResult } from "./call-result.ts";
import { createLink } from "./link.ts";
import { listAllTools, toolPageSchema } from "./list-tools.ts";
import { callError, createErrorWords, requestError } from "./mcp-errors.ts";
import type { McpAdapterOptions, McpClientLike } from "./mcp-options.ts";

const TIMEOUT_MS = 30_000;

/**
 * The tools of an MCP server. It is started or reached at the first use, and again after it ended;
 * a call whose outcome is not known is never repeated.
 */
export function createMcpAdapter(options: McpAdapterOptions): ToolAdapter {
  const { name, timeoutMs = TIMEOUT_MS } = options;
  const words = createErrorWords(options);
  const listeners = new Set<() => void>();
  const link = createLink(options, words, () => {
    for (const listener of listeners) listener();
  });
  const readPage =
    (client: McpClientLike, signal: AbortSignal) =>
    (cursor?: string): Promise<z.output<typeof toolPageSchema>> => {
      const params = cursor === undefined ? {} : { cursor };
      return request(
        client,
        { method: "tools/list", params, schema: toolPageSchema },
        { signal, timeoutMs },
      );
    };

  return {
    name,
    get description() {
      return options.description ?? describe(link.last()?.client);
    },
    get transport() {
      return link.last()?.transport ?? transportOf(options);
    },
    listTools: ({ signal }) =>
      link.use(
        (client) => listAllTools(name, readPage(client, signal)),
        (error) => requestError(error, words),
      ),
    callTool: (call, { signal }) =>
      link.use(
        (client) => callServer(client, call, { signal, timeoutMs, server: name }),
        (error) => callError(error, words, { tool: call.tool, signal, timeoutMs }),
      ),
    async check({ signal }) {
      await link.use(
        (client) => readPage(client, signal)(),
        (error) => requestError(error, words),
      );
    },
    onToolsChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
}

interface ServerRequest<Schema> {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly schema: Schema;
}

/** One request whose answer is checked by our own schema: the SDK's would refuse a whole list for one item. */
async function request<Schema extends z.ZodType>(
  client: McpClientLike,
  { method, params, schema }: ServerRequest<Schema>,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<z.output<Schema>> {
  signal.throwIfAborted();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each SDK names its own schema type; both take a zod schema
  const resultSchema = schema as never;
  const answer = await client.request({ method, params }, resultSchema, {
    signal,
    timeout: timeoutMs,
  });
  return schema.parse(answer);
}

async function callServer(
  client: McpClientLike,
  { tool, args }: ToolCall,
  {
    signal,
    timeoutMs,
    server,
  }: ToolCallOptions & { readonly timeoutMs: number; readonly server: string },
): Promise<ToolResult> {
  const params = { name: tool.slice(server.length + 1), arguments: { ...args } };
  const answer = await request(
    client,
    { method: "tools/call", params, schema: callResultSchema },
    { signal, timeoutMs },
  );
  return toToolResult(answer);
}

function transportOf(options: McpAdapterOptions): string {
  if ("command" in options) return "stdio";
  return "client" in options ? "client" : (options.type ?? "http");
}

/** What a server says of itself: the first line of its instructions, or its title. */
function describe(client: McpClientLike | undefined): string | undefined {
  const line = client
    ?.getInstructions?.()
    ?.split("\n")
    .find((text) => text.trim() !== "");
  return line?.slice(0, 200) ?? client?.getServerVersion?.()?.title;
}
