import { fileURLToPath } from "node:url";

import type { RegistryChange } from "@codemode/core";
import { createToolRegistry } from "@codemode/core";
import { Client as ModernClient, InMemoryTransport } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport as FormerTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { expect, test, vi } from "vitest";

import type { McpAdapterOptions, McpClientLike } from "../src/index.ts";
import { createMcpAdapter } from "../src/index.ts";
import { startModernHttp, startSse, startStreamableHttp } from "./fixtures/growing-http.ts";
import { createGrowingServer } from "./fixtures/growing-server.ts";

const script = fileURLToPath(new URL("./fixtures/growing-stdio.ts", import.meta.url));

/** What a registry tells and holds when a server of it has got another tool. */
async function growth(options: McpAdapterOptions): Promise<object> {
  await using registry = createToolRegistry();
  const changes: RegistryChange[] = [];
  registry.addAdapter(createMcpAdapter(options));
  await registry.discoverAll();
  const { revision } = registry;
  const before = registry.bindings();
  registry.onChange((change) => void changes.push(change));
  const call = { tool: "growing.grow", args: {}, callId: "c", executionId: "e" };

  await registry.callTool(call, { signal: AbortSignal.timeout(60_000) });

  await vi.waitFor(() => expect(registry.get("growing.grown")).toBeDefined(), 30_000);
  return {
    told: changes[0],
    isNewRevision: registry.revision > revision,
    areNewBindings: registry.bindings() !== before,
  };
}

const GROWN = {
  told: { server: "growing", kind: "tools" },
  isNewRevision: true,
  areNewBindings: true,
};

test("a process that changes its tools changes the catalog", async () => {
  const server = { name: "growing", command: process.execPath, args: [script] };

  expect(await growth(server)).toMatchObject(GROWN);
});

test.each([
  ["Streamable HTTP", startStreamableHttp, "legacy"],
  ["SSE", startSse, "legacy"],
  ["Streamable HTTP in revision 2026-07-28", startModernHttp, "auto"],
] as const)(
  "a server over %s that changes its tools changes the catalog",
  async (_, start, protocolEra) => {
    await using server = await start();

    expect(await growth({ name: "growing", url: server.url, protocolEra })).toMatchObject(GROWN);
  },
);

async function formerClient(): Promise<McpClientLike> {
  const [ours, theirs] = FormerTransport.createLinkedPair();
  await createGrowingServer().connect(theirs);
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(ours);
  return client;
}

async function modernClient(): Promise<McpClientLike> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await createGrowingServer().connect(theirs);
  const client = new ModernClient({ name: "test", version: "1.0.0" });
  await client.connect(ours);
  return client;
}

test.each([
  ["first", formerClient],
  ["second", modernClient],
])("a given client of the %s generation tells of changes, made or connected", async (_, make) => {
  expect(await growth({ name: "growing", client: make })).toMatchObject(GROWN);
  expect(await growth({ name: "growing", client: await make() })).toMatchObject(GROWN);
});

test("a client that cannot tell of changes, or will not, works all the same", async () => {
  const client: McpClientLike = {
    request: async () => ({ tools: [{ name: "run", inputSchema: { type: "object" } }] }),
    close: async () => undefined,
    setNotificationHandler() {
      throw new Error("not here");
    },
  };
  await using adapter = createMcpAdapter({ name: "odd", client });

  const { tools } = await adapter.listTools({ signal: AbortSignal.timeout(60_000) });

  expect(tools.map(({ name }) => name)).toEqual(["run"]);
});
