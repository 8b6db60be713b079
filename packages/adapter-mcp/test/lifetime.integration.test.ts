import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createToolRegistry } from "@codemode/core";
import { McpServer } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createMcpAdapter } from "../src/index.ts";
import { serveModern } from "./fixtures/modern-http.ts";
import { fixture, withServer } from "./support.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "codemode-test-"))));
afterEach(() => rm(folder, { recursive: true }));

const soon = () => ({ signal: AbortSignal.timeout(60_000) });
const log = () => join(folder, "log");
const lines = async () => (await readFile(log(), "utf8")).trim().split("\n");

function counting(env: Readonly<Record<string, string>> = {}) {
  const { command, args } = fixture("counting-stdio.ts");
  return { name: "counting", command, args: [...args, log()], env };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a process that nobody calls is stopped, and started again at the next call", () =>
  withServer({ ...counting(), idleStopMs: 200 }, async (call) => {
    const first = Number(await call("pid"));
    await vi.waitFor(() => expect(isAlive(first)).toBe(false), 30_000);

    const [second, same] = await Promise.all([call("pid"), call("pid")]);

    expect(Number(second)).not.toBe(first);
    expect(same).toBe(second);
    expect(await lines()).toEqual(["start", "start"]);
  }));

test("a call that takes longer than the rest is not cut off", () =>
  withServer({ name: "asking", ...fixture("asking-stdio.ts"), idleStopMs: 50 }, async (call) => {
    expect(await call("count", { to: 8 })).toBe('"done"');
  }));

test("only a call that may be made twice is made once more, and only where that is asked for", async () => {
  await withServer({ ...counting(), retry: true }, async (call) => {
    expect(Number(await call("read"))).toBeGreaterThan(0);
    expect(Number(await call("set"))).toBeGreaterThan(0);
    await expect(call("add")).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE" });
  });
  expect((await lines()).filter((line) => line !== "start")).toEqual([
    "read",
    "read",
    "set",
    "set",
    "add",
  ]);
});

test("without being asked for no call is made twice", async () => {
  await withServer(counting(), async (call) => {
    await expect(call("read")).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE" });
  });
  expect(await lines()).toEqual(["start", "read"]);
});

test("a call that breaks again is not made a third time", async () => {
  await withServer({ ...counting({ DIES: "always" }), retry: true }, async (call) => {
    await expect(call("read")).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE" });
  });
  expect(await lines()).toEqual(["start", "read", "start", "read"]);
});

test("an era that is pinned is spoken or refused", async () => {
  const modern = { name: "own", ...fixture("feature-stdio.ts"), protocolEra: "2026" } as const;
  await withServer(modern, async (call) => {
    expect(await call("prompts")).toBe("tool");
  });
  await withServer({ ...modern, protocolEra: "2025" }, async (call) => {
    expect(await call("prompts")).toBe("tool");
  });
  const former = fixture("growing-stdio.ts");
  await using adapter = createMcpAdapter({ name: "old", ...former, protocolEra: "2026" });
  await expect(adapter.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    message: expect.stringContaining("2026-07-28"),
  });
});

function server(hasMore: boolean, ttlMs?: number): McpServer {
  const cacheHints = ttlMs === undefined ? {} : { "tools/list": { ttlMs } };
  const made = new McpServer({ name: "s", version: "1.0.0" }, { cacheHints });
  const answer = { content: [{ type: "text" as const, text: "done" }] };
  made.registerTool("one", {}, () => answer);
  if (hasMore) made.registerTool("two", {}, () => answer);
  return made;
}

test("a list is asked for again at the first call after the time that it is good for, not before", async () => {
  let listings = 0;
  let hasMore = false;
  await using running = await serveModern(
    () => server(hasMore, 60_000),
    async (request) => {
      if ((await request.clone().text()).includes('"tools/list"')) listings += 1;
      return undefined;
    },
  );
  await using registry = createToolRegistry();
  registry.addAdapter(createMcpAdapter({ name: "s", url: running.url }));
  await registry.discoverAll();
  const call = { tool: "s.one", args: {}, callId: "c", executionId: "e" };
  hasMore = true;

  await registry.callTool(call, soon());
  expect(listings).toBe(1);
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + 60_000);
  await vi.waitFor(async () => {
    await registry.callTool(call, soon());
    expect(registry.get("s.two")).toBeDefined();
  }, 30_000);
  expect(listings).toBe(2);
});

test("a stream of changes that breaks is asked for again, and what changed meanwhile is found", async () => {
  let hasMore = false;
  let streams = 0;
  await using running = await serveModern(
    () => server(hasMore),
    async (request) => {
      if ((await request.clone().text()).includes("subscriptions/listen")) streams += 1;
      return undefined;
    },
  );
  await using registry = createToolRegistry();
  registry.addAdapter(createMcpAdapter({ name: "s", url: running.url }));
  await registry.discoverAll();
  await vi.waitFor(() => expect(streams).toBe(1), 30_000);

  hasMore = true;
  running.breakConnections();

  await vi.waitFor(() => expect(registry.get("s.two")).toBeDefined(), 30_000);
  expect(streams).toBe(2);
});

test("features are still there after a rest", () =>
  withServer({ name: "own", ...fixture("feature-stdio.ts"), idleStopMs: 100 }, async (call) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await call("prompts.list")).toMatchObject({ prompts: [{ name: "greet" }] });
  }));
