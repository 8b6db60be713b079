import { setImmediate } from "node:timers/promises";

import { serveStdio } from "@modelcontextprotocol/server/stdio";

import { createAskingRuns } from "./asking-runs.ts";
import type { McpServerOptions } from "./mcp-server.ts";
import { createMcpServer } from "./mcp-server.ts";
import { createOpenCalls } from "./open-calls.ts";

/** A server on this process's standard streams. */
export interface McpStdioServer {
  /** Settles when the client has closed either end, or `close` was called. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
  /** Takes no more calls, lets those that run finish for so long, cancels the rest, answers all and closes. */
  drain(graceMs: number): Promise<void>;
}

/** Serves both eras of the protocol on standard input and output. Nothing else may write there. */
export function serveMcpStdio(options: McpServerOptions): McpStdioServer {
  const ended = Promise.withResolvers<void>();
  // Each message that waits for a slow client listens for the pipe to drain: many are no leak.
  process.stdout.setMaxListeners(0);
  // A client that no longer reads is gone, though it may not have closed its other end.
  process.stdout.once("error", () => ended.resolve());
  const openCalls = createOpenCalls();
  const askingRuns = createAskingRuns();
  const handle = serveStdio(() => createMcpServer({ ...options, openCalls, askingRuns }));
  process.stdin.once("close", () => ended.resolve());
  process.stdin.once("end", () => ended.resolve());
  const close = async (): Promise<void> => {
    await handle.close();
    ended.resolve();
  };
  return {
    closed: ended.promise,
    close,
    async drain(graceMs) {
      await openCalls.drain(graceMs);
      await written();
      await close();
    },
  };
}

// A client that does not read must not keep the process from ending.
const WRITE_MS = 1_000;

/** Settles when the last answers are out: they are written in the turns after their calls' end. */
async function written(): Promise<void> {
  await setImmediate();
  await setImmediate();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, WRITE_MS);
  process.stdout.write("", () => resolve());
  await promise;
  clearTimeout(timer);
}
