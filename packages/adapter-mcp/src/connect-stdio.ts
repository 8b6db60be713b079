import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { Handshake, McpConnection } from "./connect.ts";
import { isTimeout } from "./error-cause.ts";
import type { ErrorWords } from "./error-words.ts";
import type { McpServerOptions, StdioServerOptions } from "./mcp-options.ts";
import { createPendingRequests } from "./pending-requests.ts";
import { createStdioTransport } from "./stdio-transport.ts";

/** What connecting takes beside the server's options. */
export interface ConnectContext {
  /** For messages. */
  readonly words: ErrorWords;
  readonly handshake: Handshake;
}

/** Starts a server as a process. */
export async function connectStdio(
  options: McpServerOptions & StdioServerOptions,
  { words, handshake }: ConnectContext,
): Promise<McpConnection> {
  const { getDefaultEnvironment } = await import("@modelcontextprotocol/client/stdio");
  const env = { ...getDefaultEnvironment(), ...options.env };
  const transport = createStdioTransport(options, env, words);
  try {
    const client = await handshake(transport, {
      era: options.protocolEra ?? "legacy",
      pending: createPendingRequests(),
    });
    const close = (): Promise<void> => transport.close();
    return { client, transport: "stdio", failure: () => transport.failure(), close };
  } catch (error) {
    throw transport.failure() ?? junkError(transport.junk(), words, error) ?? error;
  }
}

const MAX_SHOWN = 200;

/** What a server printed in the protocol's place says more than that it did not answer. */
function junkError(
  junk: string | undefined,
  words: ErrorWords,
  cause: unknown,
): CodemodeError | undefined {
  if (junk === undefined || !(isTimeout(cause) || isCodemodeError(cause, "SERVER_TIMEOUT")))
    return undefined;
  const printed = JSON.stringify(words.redact(words.mask(junk).slice(0, MAX_SHOWN)));
  const message = `Server "${words.server}" does not speak MCP on its standard output; it printed ${printed}. Logs belong on standard error.`;
  return new CodemodeError("SERVER_PROTOCOL", message, { cause });
}
