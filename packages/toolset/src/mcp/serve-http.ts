import type { Server as HttpServer } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { CodemodeError } from "@codemode/core";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";

import { createAskingRuns } from "./asking-runs.ts";
import { createHttpGuard, isLoopback } from "./http-guard.ts";
import { createHttpSessions } from "./http-sessions.ts";
import type { McpServerOptions } from "./mcp-server.ts";
import { createMcpServer } from "./mcp-server.ts";
import { createOpenCalls } from "./open-calls.ts";

/** Where the server listens, and to whom. */
export interface McpHttpOptions extends McpServerOptions {
  /** Default 127.0.0.1. Any other address than this machine's own wants a `token`. */
  readonly host?: string;
  /** Default 8000; 0 is any that is free. */
  readonly port?: number;
  /** Default `/mcp`. */
  readonly path?: string;
  /** What clients send as `Authorization: Bearer`, 16 characters or more. */
  readonly token?: string;
  /** Names that the `Host` header may have besides this machine's own, without ports. */
  readonly allowedHosts?: readonly string[];
  /** Names of pages whose scripts may call the server. Default: this machine's own. */
  readonly allowedOrigins?: readonly string[];
  /** Serves a sandbox that is no security boundary. Default `false`. */
  readonly allowUnsafeSandbox?: boolean;
}

/** A server that listens. */
export interface McpHttpServer {
  /** With the port it got: `http://127.0.0.1:8000/mcp`. */
  readonly url: string;
  /** Settles when it has been closed. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
  /** Takes no more calls, lets those that run finish for so long, cancels the rest, answers all and closes. */
  drain(graceMs: number): Promise<void>;
}

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
const MIN_TOKEN = 16;
const MAX_CONNECTIONS = 1_000;
const MAX_SESSIONS = 1_000;
const SESSION_IDLE_MS = 15 * 60_000;

/**
 * Serves both eras of the protocol over Streamable HTTP (MCP 2025-11-25 and 2026-07-28). Rejects with
 * `CONFIG_INVALID` where that would not be safe, and where it cannot listen.
 */
export async function serveMcpHttp(options: McpHttpOptions): Promise<McpHttpServer> {
  const { host = "127.0.0.1", port = 8_000, path = "/mcp", token } = options;
  assertSafe(options, host);
  const openCalls = createOpenCalls();
  const askingRuns = createAskingRuns();
  const newServer = (): ReturnType<typeof createMcpServer> =>
    createMcpServer({ ...options, openCalls, askingRuns });
  const refuse = createHttpGuard({
    ...(token === undefined ? {} : { token }),
    allowedHosts: [...LOCAL, ...(options.allowedHosts ?? [])],
    allowedOrigins: options.allowedOrigins ?? LOCAL,
  });
  const modern = createMcpHandler(newServer, { legacy: "reject" });
  const sessions = createHttpSessions({
    createServer: newServer,
    maxSessions: MAX_SESSIONS,
    idleMs: SESSION_IDLE_MS,
  });
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    // For load balancers: it says no more than that the server is there.
    if (pathname === "/healthz") return new Response(null, { status: 204 });
    const refused = refuse(request);
    if (refused) return refused;
    if (pathname !== path) return new Response(`The MCP endpoint is ${path}.\n`, { status: 404 });
    return (await isLegacyRequest(request)) ? sessions.fetch(request) : modern.fetch(request);
  };
  const http = createServer(HTTP_LIMITS, toNodeHandler({ fetch }));
  http.maxConnections = MAX_CONNECTIONS;
  const url = await listen(http, { host, port, path });

  const ended = Promise.withResolvers<void>();
  const close = async (): Promise<void> => {
    await Promise.allSettled([modern.close(), sessions.close()]);
    http.close(() => ended.resolve());
    http.closeAllConnections();
    await ended.promise;
  };
  return {
    url,
    closed: ended.promise,
    close,
    async drain(graceMs) {
      await openCalls.drain(graceMs);
      // The last answers go out before their connections are closed.
      http.closeIdleConnections();
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
      await close();
    },
  };
}

// A slow sender holds no connection for longer.
const HTTP_LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000 };
const ANSWER_MS = 50;

/** What would let strangers run programs is refused before anything listens. */
function assertSafe(options: McpHttpOptions, host: string): void {
  const { capabilities, token, allowUnsafeSandbox = false } = options;
  if (capabilities?.isolation === "none" && !allowUnsafeSandbox) {
    const message =
      'This sandbox is no security boundary: whoever reaches the server over HTTP could run anything as you. Choose sandbox_variant "isolated-vm" or "docker", or set http.allow_unsafe_sandbox to true.';
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  if (token !== undefined && token.length < MIN_TOKEN) {
    const message = `http.token has ${token.length} characters; ${MIN_TOKEN} are the least. Take one that nobody can guess: openssl rand -hex 32.`;
    throw new CodemodeError("CONFIG_INVALID", message);
  }
  if (token === undefined && !isLoopback(host)) {
    const message = `${JSON.stringify(host)} can be reached from other machines: set http.token, which clients send as Authorization: Bearer, or listen on 127.0.0.1.`;
    throw new CodemodeError("CONFIG_INVALID", message);
  }
}

async function listen(
  http: HttpServer,
  { host, port, path }: { readonly host: string; readonly port: number; readonly path: string },
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.once("error", reject);
  http.listen({ host, port }, resolve);
  try {
    await promise;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    const why = code === "EADDRINUSE" ? "another program listens there" : code;
    const message = `The server cannot listen on ${host}:${port}: ${why}. Choose another port or host.`;
    throw new CodemodeError("CONFIG_INVALID", message, { cause: error });
  }
  http.removeListener("error", reject);
  const address = http.address();
  const { port: got } = typeof address === "object" && address ? address : NOWHERE;
  return `http://${host.includes(":") ? `[${host}]` : host}:${got}${path}`;
}

const NOWHERE: Pick<AddressInfo, "port"> = { port: 0 };
