import { expect, test } from "vitest";

import type { JsonSchema, ToolAdapter, ToolDefinition } from "../src/index.ts";
import { canonicalName, createToolRegistry } from "../src/index.ts";

const SERVERS = 100;
const TOOLS = 100;

function definition(server: string, name: string, inputSchema: JsonSchema): ToolDefinition {
  return {
    server,
    name,
    canonicalName: canonicalName(server, name),
    description: `Does ${name} for ${server}.`,
    inputSchema,
    inputExamples: [],
    deferLoading: false,
    annotations: {},
    tags: [],
    meta: {},
  };
}

function listing(server: string, list: () => readonly ToolDefinition[]): ToolAdapter {
  return {
    name: server,
    transport: "test",
    listTools: async () => ({ tools: list(), diagnostics: [] }),
    callTool: async ({ tool }) => ({ content: [{ type: "text", text: tool }] }),
    check: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const schema = { type: "object", properties: { id: { type: "string" } } };

function createLarge() {
  const registry = createToolRegistry();
  for (let server = 0; server < SERVERS; server += 1) {
    const name = `server-${server}`;
    const tools = Array.from({ length: TOOLS }, (_, tool) =>
      definition(name, `get-thing-${tool}`, schema),
    );
    registry.addAdapter(listing(name, () => tools));
  }
  return registry;
}

test("10,000 tools on 100 servers are indexed and bound well within a second after listing", async () => {
  await using registry = createLarge();
  await registry.discoverAll();

  const start = process.threadCpuUsage();
  const bindings = registry.bindings();
  const found = registry.get("server_7.get_thing_42");
  const { user, system } = process.threadCpuUsage(start);

  expect(bindings).toHaveLength(SERVERS);
  expect(bindings.every(({ tools }) => tools.length === TOOLS)).toBe(true);
  expect(found?.canonicalName).toBe("server-7.get-thing-42");
  expect(registry.listNames({ limit: 5 })).toMatchObject({ total: 10_000, truncated: true });
  // Some 60 ms, of the processor's time, since others want it too.
  expect((user + system) / 1_000).toBeLessThan(1_000);
});

test("a name that is nearly right is found among 10,000", async () => {
  await using registry = createLarge();
  await registry.discoverAll();
  const call = { tool: "server-7.get-thnig-42", args: {}, callId: "1", executionId: "1" };

  const calling = registry.callTool(call, { signal: AbortSignal.timeout(60_000) });

  await expect(calling).rejects.toMatchObject({
    code: "TOOL_NOT_FOUND",
    message: expect.stringContaining('Did you mean "server-7.get-thing-42"?'),
  });
});

test("of names that are listed twice the first is kept, and one that goes or is renamed is told with the nearest", async () => {
  let tools = [definition("a", "read_file", schema), definition("a", "read_file", {})];
  await using registry = createToolRegistry();
  registry.addAdapter(listing("a", () => tools));
  const [before] = await registry.discoverAll();
  const kept = registry.get("a.read_file")?.inputSchema;

  tools = [definition("a", "read_text_file", schema)];
  await registry.discover("a");

  expect(before).toMatchObject({ toolCount: 1, diagnostics: [{ code: "TOOL_DUPLICATE" }] });
  expect(kept).toBe(schema);
  expect(registry.get("a.read_file")).toBeUndefined();
  await expect(
    registry.callTool(
      { tool: "a.read_file", args: {}, callId: "1", executionId: "1" },
      { signal: AbortSignal.timeout(60_000) },
    ),
  ).rejects.toMatchObject({
    code: "TOOL_NOT_FOUND",
    message: 'Tool "a.read_file" not found. Did you mean "a.read_text_file"?',
  });
});

test("names that become the same identifier stay apart; malformed schemas stop nothing", async () => {
  const strange: readonly JsonSchema[] = [
    true,
    { type: 7 },
    { properties: [] },
    { $ref: "#/nowhere" },
  ];
  await using registry = createToolRegistry();
  registry.addAdapter(
    listing("a", () => [
      definition("a", "get-it", schema),
      definition("a", "get_it", schema),
      ...strange.map((one, index) => definition("a", `strange ${index}`, one)),
    ]),
  );
  await registry.discoverAll();

  const [server] = registry.bindings();
  const identifiers = server?.tools.map(({ identifier }) => identifier) ?? [];
  expect(new Set(identifiers).size).toBe(6);
  expect(registry.get("a.get-it")?.name).toBe("get-it");
  expect(registry.get("a.get_it")?.name).toBe("get_it");
});
