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
    const failure = transport.failure();
    if (failure) throw startFailure(failure, transport.junk(), words);
    throw junkError(transport.junk(), words, error) ?? error;
  }
}

/** A process that ends before it is connected was mostly started in a wrong way. */
function startFailure(
  failure: CodemodeError,
  junk: string | undefined,
  words: ErrorWords,
): CodemodeError {
  const { code, message, retryable } = failure;
  if (code !== "SERVER_UNAVAILABLE") return failure;
  const printed = junk === undefined ? "" : `; it printed ${quoted(junk, words)}`;
  const text = `${message}${printed}`;
  const end = /[.!?]$/.test(text) ? " " : ". ";
  const step = 'Check its "command", "args" and "env".';
  return new CodemodeError(code, text + end + step, { cause: failure, retryable });
}

/** The beginning of what a server printed. */
function quoted(junk: string, words: ErrorWords): string {
  return JSON.stringify(words.redact(words.redactor.mask(junk).slice(0, MAX_SHOWN)));
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
  const printed = quoted(junk, words);
  const message = `Server "${words.server}" does not speak MCP on its standard output; it printed ${printed}. Logs belong on standard error.`;
  return new CodemodeError("SERVER_PROTOCOL", message, { cause });
}
