import type { ToolAdapter, ToolCall, ToolResult } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import { chooseTools } from "./choose-tools.ts";
import { createErrorWords } from "./error-words.ts";
import { createLink } from "./link.ts";
import type { Listing } from "./listing.ts";
import { createListing } from "./listing.ts";
import { callError, requestError } from "./mcp-errors.ts";
import type { McpAdapterOptions, McpClientLike } from "./mcp-options.ts";
import { outgoingListing, outgoingResult } from "./outgoing.ts";
import { createQuestions } from "./questions.ts";
import { SERVER_FEATURES } from "./server-features.ts";
import type { RequestOptions } from "./server-request.ts";
import { callFeature, callTool, toolPageReader } from "./server-request.ts";
import { createServerSkills } from "./server-skills.ts";

const TIMEOUT_MS = 30_000;
// The SDK has a clock of its own, which does not stop for questions: this is the longest of a timer.
const NEVER_MS = 2_147_483_647;

/**
 * The tools of an MCP server. It is started or reached at the first use, and again after it ended;
 * a call whose outcome is not known is never repeated. Throws `CONFIG_INVALID` without `command`, `url` and `client`.
 */
export function createMcpAdapter(options: McpAdapterOptions): ToolAdapter {
  const { name, timeoutMs = TIMEOUT_MS } = options;
  checkStart(options);
  const words = createErrorWords(options);
  const changes = createChanges();
  const listing = createListing(name);
  const questions = createQuestions(options, words);
  const link = createLink(options, words, { onToolsChanged: changes.tell, questions });
  const ask = <Result>(
    signal: AbortSignal,
    run: (client: McpClientLike) => Promise<Result>,
  ): Promise<Result> =>
    link.use({
      signal,
      run,
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
    get protocol() {
      return link.last()?.client.getNegotiatedProtocolVersion?.();
    },
    listTools: ({ signal }) =>
      ask(signal, async (client) => {
        const listed = await listing.read(client, { signal, timeoutMs });
        return outgoingListing(chooseTools(listed, options), words);
      }),
    callTool(call, { signal, onProgress, pause, ...handlers }) {
      if (listing.isOver()) changes.tell();
      return link.use({
        signal,
        isRepeatable:
          options.retry === true && listing.isRepeatable(call.tool.slice(name.length + 1)),
        run: async (client) => {
          const common = { timeoutMs: NEVER_MS, onProgress, server: name, listing };
          const asked = { tool: call.tool, handlers, signal, timeoutMs, pause };
          const result = await questions.during(asked, (limited) =>
            callServer(client, call, { ...common, signal: limited }),
          );
          return outgoingResult(result, words);
        },
        explain: (error, wasSent) =>
          callError(error, words, { tool: call.tool, signal, timeoutMs, wasSent }),
      });
    },
    async check({ signal }) {
      await ask(signal, (client) => toolPageReader(client, { signal, timeoutMs })());
    },
    onToolsChanged: changes.listen,
    skills: createServerSkills({ server: name, timeoutMs, words, ask }),
    [Symbol.asyncDispose]: () => link.close(),
  };
}

function createChanges() {
  const listeners = new Set<() => void>();
  return {
    tell(this: void): void {
      for (const listener of listeners) listener();
    },
    listen(this: void, listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** One of the server's own tools, or what it has beside them. */
function callServer(
  client: McpClientLike,
  call: ToolCall,
  options: RequestOptions & { readonly server: string; readonly listing: Listing },
): Promise<ToolResult> {
  const name = call.tool.slice(options.server.length + 1);
  const args = { ...call.args };
  const feature = SERVER_FEATURES.find((known) => known.name === name);
  if (feature && !options.listing.isOwn(name))
    return callFeature(client, { feature, args }, options);
  const definition = options.listing.definitionWithHeaders(name);
  return callTool(client, { name, arguments: args }, { ...options, definition });
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

/** Not every caller has a compiler. */
function checkStart(options: {
  readonly name: string;
  readonly command?: unknown;
  readonly args?: unknown;
  readonly url?: unknown;
  readonly client?: unknown;
}): void {
  const { command, args, url, client } = options;
  const who = `Server ${JSON.stringify(options.name)}`;
  if (command === undefined && url === undefined && client === undefined) {
    const message = `${who} needs "command" to start it, "url" to reach it, or "client", which is connected.`;
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  if (args !== undefined && !Array.isArray(args))
    throw new CodemodeError("CONFIG_INVALID", `${who}: "args" has to be a list of texts.`);
}
