import type { ToolAdapter, ToolCall, ToolCallOptions, ToolResult } from "@codemode/core";
import { z } from "zod";

import { toToolResult } from "./call-result.ts";
import { codeOf } from "./error-cause.ts";
import { createErrorWords } from "./error-words.ts";
import { createLink } from "./link.ts";
import type { PageReader } from "./list-tools.ts";
import { listAllTools, toolPageSchema } from "./list-tools.ts";
import { callError, requestError } from "./mcp-errors.ts";
import type { McpAdapterOptions, McpClientLike } from "./mcp-options.ts";
import { outgoingListing, outgoingResult } from "./outgoing.ts";
import { RAW_ANSWER } from "./watch-answers.ts";

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
  const ask = <Result>(
    signal: AbortSignal,
    run: (readPage: PageReader) => Promise<Result>,
  ): Promise<Result> =>
    link.use({
      signal,
      run: (client) => run(pageReader(client, { signal, timeoutMs })),
      explain: (error) => requestError(error, words, { signal, timeoutMs }),
    });

  return {
    name,
    get description() {
      return options.description ?? describe(link.last()?.client);
    },
    get transport() {
      return link.last()?.transport ?? transportOf(options);
    },
    listTools: ({ signal }) =>
      ask(signal, async (readPage) => outgoingListing(await listAllTools(name, readPage), words)),
    callTool: (call, { signal }) =>
      link.use({
        signal,
        run: async (client) =>
          outgoingResult(
            await callServer(client, call, { signal, timeoutMs, server: name }),
            words,
          ),
        explain: (error, wasSent) =>
          callError(error, words, { tool: call.tool, signal, timeoutMs, wasSent }),
      }),
    async check({ signal }) {
      await ask(signal, (readPage) => readPage());
    },
    onToolsChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
}

/** Reads pages, all of them together within one time limit. */
function pageReader(
  client: McpClientLike,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): PageReader {
  const start = performance.now();
  return async (cursor) => {
    const timeLeft = Math.max(1, timeoutMs - (performance.now() - start));
    const params = cursor === undefined ? {} : { cursor };
    try {
      const answer = await request(
        client,
        { method: "tools/list", params },
        { signal, timeout: timeLeft },
      );
      return toolPageSchema.parse(answer);
    } catch (error) {
      // Prompts or resources are all that some servers have.
      if (codeOf(error) === METHOD_NOT_FOUND) return { tools: [] };
      if (error instanceof z.ZodError)
        throw new TypeError(z.prettifyError(error), { cause: error });
      throw error;
    }
  };
}

const METHOD_NOT_FOUND = -32_601;

/** One request whose answer is checked by us alone: the SDK would refuse a whole list for one item. */
async function request(
  client: McpClientLike,
  { method, params }: { readonly method: string; readonly params: Record<string, unknown> },
  options: { readonly signal: AbortSignal; readonly timeout: number },
): Promise<unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each SDK names its own schema type; both take a zod schema
  const resultSchema = anyAnswer as never;
  const answer = await client.request({ method, params }, resultSchema, options);
  const { [RAW_ANSWER]: raw = answer } = anyAnswer.parse(answer);
  return raw;
}

const anyAnswer = z.looseObject({});

async function callServer(
  client: McpClientLike,
  { tool, args }: ToolCall,
  options: ToolCallOptions & { readonly timeoutMs: number; readonly server: string },
): Promise<ToolResult> {
  const { signal, timeoutMs: timeout, server } = options;
  const params = { name: tool.slice(server.length + 1), arguments: { ...args } };
  const answer = await request(client, { method: "tools/call", params }, { signal, timeout });
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
