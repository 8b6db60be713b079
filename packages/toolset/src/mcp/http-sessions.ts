import { randomUUID } from "node:crypto";

import type { Server } from "@modelcontextprotocol/server";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";

/** Clients of the 2025 era, each with a transport of its own, known by the `Mcp-Session-Id` header. */
export interface HttpSessions {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** How many are kept, and for how long. */
export interface HttpSessionsOptions {
  readonly createServer: () => Server;
  readonly maxSessions: number;
  readonly idleMs: number;
}

interface HttpSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  lastUse: number;
}

/** No client yet. */
export function createHttpSessions(options: HttpSessionsOptions): HttpSessions {
  const { createServer, maxSessions, idleMs } = options;
  // In order of last use: the first is the oldest.
  const sessions = new Map<string, HttpSession>();

  const end = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.transport.close();
  };
  const sweep = (): void => {
    for (const [id, { lastUse }] of sessions)
      if (performance.now() - lastUse >= idleMs) void end(id);
  };
  const sweeper = setInterval(sweep, Math.min(idleMs, SWEEP_MS)).unref();
  const open = async (request: Request): Promise<Response> => {
    const [oldest] = sessions.keys();
    if (sessions.size >= maxSessions && oldest !== undefined) await end(oldest);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) =>
        void sessions.set(id, { transport, lastUse: performance.now() }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const server = createServer();
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    // A request that began no session leaves none.
    if (transport.sessionId === undefined) await server.close();
    return response;
  };
  return {
    fetch(request) {
      const id = request.headers.get("mcp-session-id");
      if (id === null) return open(request);
      const session = sessions.get(id);
      if (!session) return Promise.resolve(unknownSession());
      session.lastUse = performance.now();
      sessions.delete(id);
      sessions.set(id, session);
      return session.transport.handleRequest(request);
    },
    async close() {
      clearInterval(sweeper);
      await Promise.allSettled([...sessions.keys()].map(end));
    },
  };
}

const SWEEP_MS = 60_000;

function unknownSession(): Response {
  const message = "There is no such session, or no longer. Initialize a new one.";
  const body = { jsonrpc: "2.0", error: { code: -32_001, message }, id: null };
  return Response.json(body, { status: 404 });
}
