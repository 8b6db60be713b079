import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { createToolRegistry, toolResultToValue } from "@codemode/core";
import { testAdapterConformance } from "@codemode/core/testing";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";

import type { McpAdapterOptions } from "../src/index.ts";
import { createMcpAdapter } from "../src/index.ts";
import { script } from "./support.ts";

const require = createRequire(import.meta.url);

function entry(server: string): string {
  const manifest = require.resolve(`@modelcontextprotocol/server-${server}/package.json`);
  return join(dirname(manifest), "dist/index.js");
}

const everything = script(entry("everything"));
const soon = () => ({ signal: AbortSignal.timeout(60_000) });

const conformance = {
  works: { tool: "get-sum", args: { a: 2, b: 3 }, value: "The sum of 2 and 3 is 5." },
  fails: { tool: "get-sum", args: { a: "two", b: 3 }, message: "expected number" },
  waits: { tool: "trigger-long-running-operation", args: { duration: 10, steps: 2 } },
};

testAdapterConformance({
  name: "MCP over stdio",
  createAdapter: (name) => createMcpAdapter({ name, ...everything }),
  ...conformance,
});

testAdapterConformance({
  name: "MCP by a client of the first generation",
  createAdapter: async (name) => {
    const client = new Client({ name: "test", version: "1.0.0" });
    await client.connect(new StdioClientTransport(everything));
    // The adapter leaves to its owner what it was given.
    onTestFinished(() => client.close());
    return createMcpAdapter({ name, client });
  },
  ...conformance,
});

describe.each([
  ["streamableHttp", "mcp", "http"],
  ["sse", "sse", "sse"],
] as const)("over %s", (mode, path, transport) => {
  let server: ChildProcess;
  let url = "";

  beforeAll(async () => {
    const port = await freePort();
    server = spawn(process.execPath, [entry("everything"), mode], {
      env: { ...process.env, PORT: String(port) },
      stdio: "ignore",
    });
    url = `http://127.0.0.1:${port}/${path}`;
    // Settles when something listens there.
    await vi.waitFor(() => fetch(url, { method: "OPTIONS" }), 30_000);
  });
  afterAll(() => void server.kill("SIGKILL"));

  test("the transport is found without being named", async () => {
    await using adapter = createMcpAdapter({ name: "web", url });

    await adapter.listTools(soon());

    expect(adapter.transport).toBe(transport);
  });

  testAdapterConformance({
    name: `MCP over ${mode}`,
    createAdapter: (name) => createMcpAdapter({ name, url, type: transport }),
    ...conformance,
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

test("three real servers are discovered at once; each keeps its own tools and texts", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-test-"));
  await writeFile(join(folder, "a.txt"), "hello");
  await using registry = createToolRegistry();
  const servers: readonly McpAdapterOptions[] = [
    {
      name: "filesystem",
      command: process.execPath,
      args: [entry("filesystem"), folder],
      cwd: folder,
    },
    {
      name: "memory",
      command: process.execPath,
      args: [entry("memory")],
      env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") },
    },
    { name: "everything", ...everything },
    { name: "ghost", command: "no-such-command-here" },
  ];
  for (const server of servers) registry.addAdapter(createMcpAdapter(server));

  const statuses = await registry.discoverAll();
  const call = {
    tool: "filesystem.read_text_file",
    args: { path: "a.txt" },
    callId: "c",
    executionId: "e",
  };
  const tool = registry.get(call.tool);
  const result = await registry.callTool(call, soon());

  expect(statuses.map(({ status }) => status)).toEqual([
    "connected",
    "connected",
    "connected",
    "failed",
  ]);
  expect(tool).toMatchObject({
    annotations: { readOnlyHint: true },
    outputSchema: { type: "object" },
  });
  expect(toolResultToValue(result, tool ?? { canonicalName: call.tool })).toEqual({
    content: "hello",
  });
  await rm(folder, { recursive: true });
});

test("tools that are left out do not exist; a name that no tool has is told", async () => {
  await using registry = createToolRegistry();
  const options = { includeTools: ["echo", "get-sum", "nosuch"], excludeTools: ["get-sum"] };
  registry.addAdapter(createMcpAdapter({ name: "everything", ...everything, ...options }));

  const [status] = await registry.discoverAll();

  expect(registry.list().map(({ name }) => name)).toEqual(["echo"]);
  expect(status?.diagnostics.filter(({ code }) => code === "TOOL_UNKNOWN")).toMatchObject([
    { message: expect.stringContaining('no tool "nosuch"') },
  ]);
  const call = { tool: "everything.get-sum", args: {}, callId: "c", executionId: "e" };
  await expect(
    registry.callTool(call, { signal: AbortSignal.timeout(60_000) }),
  ).rejects.toMatchObject({
    code: "TOOL_NOT_FOUND",
  });
});

test("a tool that answers media gives its blocks", async () => {
  await using adapter = createMcpAdapter({ name: "everything", ...everything });
  const call = { tool: "everything.get-tiny-image", args: {}, callId: "c", executionId: "e" };

  const { content } = await adapter.callTool(call, soon());

  expect(content.map(({ type }) => type)).toEqual(["text", "image", "text"]);
});

test("a user and a password in the URL are sent as a header, and not shown", async () => {
  const seen: unknown[] = [];
  const server = createHttpServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(500).end("for user-name:pass-word");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await using adapter = createMcpAdapter({
    name: "web",
    url: `http://user-name:pass-word@127.0.0.1:${port}/mcp`,
  });

  const error: unknown = await adapter
    .listTools({ signal: AbortSignal.timeout(60_000) })
    .catch((reason: unknown) => reason);
  server.close();

  expect(seen[0]).toBe("Basic dXNlci1uYW1lOnBhc3Mtd29yZA==");
  expect(String(error)).toContain('Server "web"');
  expect(String(error)).not.toMatch(/user-name|pass-word/);
});

test("a command that is not there is named without its folders", async () => {
  await using adapter = createMcpAdapter({
    name: "gone",
    command: "/home/someone/bin/gone-server",
  });

  await expect(adapter.listTools({ signal: AbortSignal.timeout(60_000) })).rejects.toThrow(
    'Server "gone" cannot start: command "gone-server" was not found.',
  );
});
