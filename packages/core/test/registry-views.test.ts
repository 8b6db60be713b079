import { expect, test } from "vitest";

import type { FunctionTool, ToolAdapter } from "../src/index.ts";
import { createFunctionAdapter, createToolRegistry } from "../src/index.ts";

const describe = (name: string): readonly [string, FunctionTool] => [
  name,
  { description: "A tool.", deferLoading: name === "rare", run: () => 1 },
];

function server(name: string, tools: readonly string[]): ToolAdapter {
  return createFunctionAdapter({ name, tools: Object.fromEntries(tools.map(describe)) });
}

test("servers are told with status, number of tools and latency, before and after discovery", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(server("math", ["add", "rare"]));
  registry.addAdapter({
    ...server("away", []),
    listTools: () => Promise.reject(new Error("away")),
  });
  const before = registry.servers();

  const found = await registry.discoverAll();

  expect(before).toMatchObject([
    { name: "math", status: "unknown", toolCount: 0 },
    { name: "away", status: "unknown", toolCount: 0 },
  ]);
  expect(registry.servers()).toEqual(found);
  expect(found).toMatchObject([
    { name: "math", status: "connected", toolCount: 2, latencyMs: expect.any(Number) },
    { name: "away", status: "failed", error: { message: expect.stringContaining("away") } },
  ]);
  expect(await registry.checkServer("math")).toEqual({
    connected: true,
    latencyMs: expect.any(Number),
  });
  await expect(registry.checkServer("moth")).rejects.toMatchObject({
    code: "SERVER_NOT_FOUND",
    message: expect.stringContaining("math"),
  });
});

test("tools are got by every spelling and listed by server, deferred ones where asked for", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(server("my-math", ["add-up", "rare"]));
  registry.addAdapter(server("text", ["cut"]));
  await registry.discoverAll();
  const names = (options?: Parameters<typeof registry.list>[0]): readonly string[] =>
    registry.list(options).map(({ canonicalName }) => canonicalName);

  for (const spelling of ["my-math.add-up", "my-math__add-up", "my_math.add_up"])
    expect(registry.get(spelling)).toMatchObject({ canonicalName: "my-math.add-up" });
  expect(registry.get("my-math.nothing")).toBeUndefined();
  expect(names()).toEqual(["my-math.add-up", "text.cut"]);
  expect(names({ server: "text" })).toEqual(["text.cut"]);
  expect(names({ server: "my-math", includeDeferred: true })).toEqual([
    "my-math.add-up",
    "my-math.rare",
  ]);
  expect(() => registry.listNames({ server: "txt" })).toThrow(/"text"/);
});

test("100 names are given where nobody says how many", async () => {
  await using registry = createToolRegistry();
  const many = Array.from({ length: 150 }, (_, index) => `tool${index}`);
  registry.addAdapter(server("many", many));
  await registry.discoverAll();

  const { names, total, truncated } = registry.listNames();

  expect([names.length, total, truncated]).toEqual([100, 150, true]);
});

test("a failed discovery is told as such, and who stops listening hears no more", async () => {
  await using registry = createToolRegistry();
  const told: string[] = [];
  const stop = registry.onChange(({ kind, server: name }) => told.push(`${name} ${kind}`));
  registry.addAdapter({
    ...server("away", []),
    listTools: () => Promise.reject(new Error("away")),
  });
  await registry.discover("away");

  stop();
  await registry.removeAdapter("away");

  expect(told).toEqual(["away added", "away failed"]);
  expect(registry.servers()).toEqual([]);
  await expect(registry.removeAdapter("away")).rejects.toMatchObject({ code: "SERVER_NOT_FOUND" });
  await expect(registry.discover("away")).rejects.toMatchObject({ code: "SERVER_NOT_FOUND" });
});
