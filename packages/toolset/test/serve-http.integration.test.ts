import { connect as openSocket } from "node:net";

import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { SandboxCapabilities } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { Session } from "@codemode/session";
import { createSession } from "@codemode/session";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import type { McpHttpOptions, McpHttpServer } from "../src/mcp.ts";
import { serveMcpHttp } from "../src/mcp.ts";

/** Called when somebody begins to rest. */
let onRest = (): void => undefined;
const run = ({ ms }: { readonly ms: number }): Promise<string> => {
  onRest();
  return new Promise((resolve) => setTimeout(resolve, ms, "rested"));
};
const TOKEN = "a token that nobody guesses";
const stack = new AsyncDisposableStack();
let session: Session;

beforeAll(async () => {
  const registry = stack.use(createToolRegistry());
  const input = { type: "object", properties: { ms: { type: "number" } } };
  registry.addAdapter(
    createFunctionAdapter({ name: "bed", tools: { rest: { description: "Waits.", input, run } } }),
  );
  await registry.discoverAll();
  const sandbox = stack.use(createIsolatedVmSandbox());
  session = stack.use(createSession({ registry, sandbox }));
});
afterAll(() => stack.disposeAsync());

function serve(options: Partial<McpHttpOptions> = {}): Promise<McpHttpServer> {
  return serveMcpHttp({ session, port: 0, ...options });
}

async function connect(url: string, mode: "auto" | "legacy", token?: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  return client;
}

function execute(client: Client, code: string, handle?: string): Promise<unknown> {
  const args = handle === undefined ? { code } : { code, session: handle };
  return client.callTool({ name: "execute_code", arguments: args });
}

const resultSchema = z.object({ structuredContent: z.object({ session: z.string() }) });

function handleOf(result: unknown): string {
  return resultSchema.parse(result).structuredContent.session;
}

const NO_BOUNDARY: SandboxCapabilities = {
  isolation: "none",
  hardKill: true,
  memoryLimit: "hard",
  nodeApis: true,
  persistent: true,
  network: true,
};

/** What the server answers to a request that a guard may refuse. */
async function ask(url: string, headers: Record<string, string>): Promise<number> {
  const body = { jsonrpc: "2.0", id: 1, method: "ping" };
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify(body),
  });
  await response.body?.cancel();
  return response.status;
}

describe("the MCP server over HTTP", () => {
  test.each(["auto", "legacy"] as const)(
    "answers a client of the %s era, whose programs go on by their handle",
    async (mode) => {
      const server = await serve({ token: TOKEN });
      const client = await connect(server.url, mode, TOKEN);

      const first = await execute(client, "const kept = 41; return kept");
      expect(first).toMatchObject({ structuredContent: { ok: true, result: 41 } });
      const handle = handleOf(first);
      const next = await execute(client, "return kept + 1", handle);
      expect(next).toMatchObject({ structuredContent: { ok: true, result: 42 } });
      const other = await execute(client, "return typeof kept");
      expect(other).toMatchObject({ structuredContent: { ok: true, result: "undefined" } });

      await client.close();
      await server.close();
      await expect(server.closed).resolves.toBeUndefined();
    },
  );

  test("answers two clients at once and keeps them apart", async () => {
    const server = await serve();
    const clients = await Promise.all([connect(server.url, "auto"), connect(server.url, "legacy")]);
    const programs = clients.map((client) => execute(client, "return await bed.rest({ ms: 50 })"));
    for (const result of await Promise.all(programs))
      expect(result).toMatchObject({ structuredContent: { ok: true, result: "rested" } });
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  });

  test("refuses a missing and a wrong token, a foreign host, a foreign page and another path", async () => {
    const server = await serve({ token: TOKEN });
    const good = { Authorization: `Bearer ${TOKEN}` };

    expect(await ask(server.url, {})).toBe(401);
    expect(await ask(server.url, { Authorization: "Bearer wrong" })).toBe(401);
    expect(await ask(server.url, { ...good, Origin: "https://evil.example" })).toBe(403);
    expect(await ask(server.url, { ...good, "Mcp-Session-Id": "nobody" })).toBe(404);
    expect(await ask(server.url.replace("/mcp", "/other"), good)).toBe(404);
    expect(await askAs(server.url, "evil.example")).toContain("403");
    const health = await fetch(server.url.replace("/mcp", "/healthz"));
    expect([health.status, await health.text()]).toEqual([204, ""]);
    await server.close();
  });

  test("refuses a body over 4 MiB", async () => {
    const server = await serve();
    const response = await fetch(server.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ text: "x".repeat(5 * 1024 * 1024) }),
    });
    expect(response.status).toBe(413);
    await response.body?.cancel();
    await server.close();
  });

  test("lets a running call finish when it is drained, and takes no more", async () => {
    const server = await serve();
    const client = await connect(server.url, "auto");
    const resting = new Promise<void>((resolve) => (onRest = resolve));
    const running = execute(client, "return await bed.rest({ ms: 400 })");
    await resting;
    const drained = server.drain(60_000);
    await expect(running).resolves.toMatchObject({ structuredContent: { result: "rested" } });
    await drained;
    await expect(fetch(server.url)).rejects.toThrow("fetch failed");
    await client.close();
  });

  test.each<[string, Partial<McpHttpOptions>, string]>([
    ["a sandbox that is no boundary", { capabilities: NO_BOUNDARY }, "http.allow_unsafe_sandbox"],
    ["another address without a token", { host: "0.0.0.0" }, "set http.token"],
    ["a short token", { token: "short" }, "openssl rand -hex 32"],
  ])("does not start with %s, and says what to do", async (_what, options, step) => {
    await expect(serve(options)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(step),
    });
  });

  test("serves a sandbox that is no boundary where it is told to", async () => {
    const server = await serve({ capabilities: NO_BOUNDARY, allowUnsafeSandbox: true });
    await server.close();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  });

  test("says that the port is taken", async () => {
    const server = await serve();
    const port = Number(new URL(server.url).port);
    await expect(serve({ port })).rejects.toThrow("another program listens there");
    await server.close();
  });
});

/** `fetch` does not let anybody set the host. */
async function askAs(url: string, host: string): Promise<string> {
  const socket = openSocket(Number(new URL(url).port), "127.0.0.1");
  socket.end(`GET /mcp HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text.slice(0, 20);
}
