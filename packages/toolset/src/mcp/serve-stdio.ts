import { serveStdio } from "@modelcontextprotocol/server/stdio";

import type { McpServerOptions } from "./mcp-server.ts";
import { createMcpServer } from "./mcp-server.ts";

/** A server on this process's standard streams. */
export interface McpStdioServer {
  /** Settles when the client has closed either end, or `close` was called. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Serves both eras of the protocol on standard input and output. Nothing else may write there. */
export function serveMcpStdio(options: McpServerOptions): McpStdioServer {
  const ended = Promise.withResolvers<void>();
  // Each message that waits for a slow client listens for the pipe to drain: many are no leak.
  process.stdout.setMaxListeners(0);
  // A client that no longer reads is gone, though it may not have closed its other end.
  process.stdout.once("error", () => ended.resolve());
  const handle = serveStdio(() => createMcpServer(options));
  process.stdin.once("close", () => ended.resolve());
  process.stdin.once("end", () => ended.resolve());
  return {
    closed: ended.promise,
    async close() {
      await handle.close();
      ended.resolve();
    },
  };
}
