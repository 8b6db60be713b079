import { expect, test, vi } from "vitest";

import type { ToolAdapter, ToolListing } from "../src/index.ts";
import { CodemodeError, createFunctionAdapter, createToolRegistry } from "../src/index.ts";
import { definition } from "./definition.ts";

const callOptions = { signal: AbortSignal.timeout(60_000) };
const request = (tool: string) => ({ tool, args: {}, callId: "c", executionId: "e" });

function files(): ToolAdapter {
  return createFunctionAdapter({
    name: "file-system",
    tools: {
      "read-file": { description: "Reads a file.", run: () => "text" },
      export: { description: "Exports.", run: () => 1 },
      rare: { description: "Seldom needed.", deferLoading: true, run: () => 2 },
    },
  });
}

function listingAdapter(name: string, listTools: () => Promise<ToolListing>): ToolAdapter {
  return { ...createFunctionAdapter({ name, tools: {} }), listTools };
}

test("one failing server is reported by name and does not stop the others", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(files());
  registry.addAdapter(
    listingAdapter("broken", () =>
      Promise.reject(new CodemodeError("SERVER_UNAVAILABLE", 'Server "broken" is away.')),
    ),
  );

  const statuses = await registry.discoverAll();

  expect(statuses).toMatchObject([
    { name: "file-system", status: "connected", toolCount: 3 },
    {
      name: "broken",
      status: "failed",
      toolCount: 0,
      error: { code: "SERVER_UNAVAILABLE", message: 'Server "broken" is away.' },
    },
  ]);
  await expect(registry.callTool(request("broken.x"), callOptions)).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: expect.stringContaining('Server "broken" is away.'),
  });
});

test("a server that answers nonsense names keeps each name once, and says so", async () => {
  await using registry = createToolRegistry();
  const tools = [definition("twice", "a", "first"), definition("twice", "a", "second")];
  registry.addAdapter(listingAdapter("twice", () => Promise.resolve({ tools, diagnostics: [] })));

  const status = await registry.discover("twice");

  expect(registry.list().map((tool) => tool.description)).toEqual(["first"]);
  expect(status.diagnostics).toMatchObject([{ code: "TOOL_DUPLICATE" }]);
});

test("discovering again replaces the tools, and a later failure keeps them", async () => {
  await using registry = createToolRegistry();
  const listTools = vi
    .fn<() => Promise<ToolListing>>()
    .mockResolvedValueOnce({ tools: [definition("s", "old")], diagnostics: [] })
    .mockResolvedValueOnce({ tools: [definition("s", "new")], diagnostics: [] })
    .mockRejectedValueOnce(new Error("gone"));
  registry.addAdapter(listingAdapter("s", listTools));

  await registry.discover("s");
  await registry.discover("s");
  const replaced = registry.listNames().names;
  const failed = await registry.discover("s");

  expect(replaced).toEqual(["s.new"]);
  expect(failed).toMatchObject({ status: "failed", toolCount: 1 });
  expect(registry.listNames().names).toEqual(["s.new"]);
});

test("the latest discovery wins, whichever ends last", async () => {
  await using registry = createToolRegistry();
  const slow = Promise.withResolvers<ToolListing>();
  const listTools = vi
    .fn<() => Promise<ToolListing>>()
    .mockReturnValueOnce(slow.promise)
    .mockResolvedValueOnce({ tools: [definition("s", "new")], diagnostics: [] });
  registry.addAdapter(listingAdapter("s", listTools));

  const first = registry.discover("s");
  await registry.discover("s");
  slow.resolve({ tools: [definition("s", "old")], diagnostics: [] });
  await first;

  expect(registry.listNames().names).toEqual(["s.new"]);
});

test.each([
  "file-system.read-file",
  "file-system__read-file",
  "file_system.read_file",
  "file_system__read_file",
  "file-system.read_file",
])("a tool is found and called as %s", async (spelling) => {
  await using registry = createToolRegistry();
  registry.addAdapter(files());
  await registry.discoverAll();

  const result = await registry.callTool(request(spelling), callOptions);

  expect(registry.get(spelling)?.canonicalName).toBe("file-system.read-file");
  expect(result.content).toEqual([{ type: "text", text: "text" }]);
  expect([...registry.callCounts()]).toEqual([["file-system.read-file", 1]]);
});

test("an unknown tool comes with the nearest one, an unknown server with those there are", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(files());
  await registry.discoverAll();

  await expect(
    registry.callTool(request("file-system.raed-file"), callOptions),
  ).rejects.toMatchObject({
    code: "TOOL_NOT_FOUND",
    message: expect.stringContaining('Did you mean "file-system.read-file"?'),
  });
  await expect(registry.callTool(request("slack.post"), callOptions)).rejects.toMatchObject({
    code: "SERVER_NOT_FOUND",
    message: expect.stringContaining('"file-system"'),
  });
  await expect(registry.discover("file-sistem")).rejects.toMatchObject({
    code: "SERVER_NOT_FOUND",
    message: expect.stringContaining('Did you mean "file-system"?'),
  });
});

test("names are filtered by server and words, capped, and leave deferred tools out", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(files());
  registry.addAdapter(
    createFunctionAdapter({ name: "math", tools: { add: { description: "x", run: () => 1 } } }),
  );
  await registry.discoverAll();

  expect(registry.listNames()).toEqual({
    names: ["file-system.export", "file-system.read-file", "math.add"],
    total: 3,
    truncated: false,
  });
  expect(registry.listNames({ limit: 1 })).toMatchObject({ total: 3, truncated: true });
  expect(registry.listNames({ limit: -1 })).toMatchObject({ names: [], total: 3, truncated: true });
  expect(registry.listNames({ server: "math" }).names).toEqual(["math.add"]);
  expect(registry.listNames({ keywords: ["READS", "file"] }).names).toEqual([
    "file-system.read-file",
  ]);
  expect(registry.listNames({ includeDeferred: true }).names).toContain("file-system.rare");
});

test("every change raises the revision and is told after it is visible", async () => {
  await using registry = createToolRegistry();
  const seen: string[] = [];
  registry.onChange((change) => {
    seen.push(`${change.kind} ${registry.list().length} ${change.revision}`);
  });
  registry.onChange(() => {
    throw new Error("a listener of its own mind");
  });

  registry.addAdapter(files());
  await registry.discoverAll();
  await registry.removeAdapter("file-system");

  expect(seen).toEqual(["added 0 1", "tools 2 2", "removed 0 3"]);
});

test("a server that says its tools changed is listed again", async () => {
  await using registry = createToolRegistry();
  let changed: (() => void) | undefined;
  const listTools = vi
    .fn<() => Promise<ToolListing>>()
    .mockResolvedValueOnce({ tools: [], diagnostics: [] })
    .mockResolvedValueOnce({ tools: [definition("live", "fresh")], diagnostics: [] });
  registry.addAdapter({
    ...listingAdapter("live", listTools),
    onToolsChanged(listener) {
      changed = listener;
      return () => undefined;
    },
  });
  await registry.discover("live");

  changed?.();

  await expect.poll(() => registry.listNames().names).toEqual(["live.fresh"]);
});

test("a name is taken once, and a closed registry takes nothing", async () => {
  const registry = createToolRegistry();
  const dispose = vi.fn<() => Promise<void>>().mockResolvedValue();
  registry.addAdapter({ ...files(), [Symbol.asyncDispose]: dispose });

  expect(() => registry.addAdapter(files())).toThrow(
    expect.objectContaining({ code: "SERVER_DUPLICATE" }),
  );
  await registry[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();

  expect(dispose).toHaveBeenCalledTimes(1);
  expect(() => registry.addAdapter(files())).toThrow(
    expect.objectContaining({ code: "REGISTRY_DISPOSED" }),
  );
});

test("checking a server tells whether it answers", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter({ ...files(), check: () => Promise.reject(new Error("no answer")) });

  expect(await registry.checkServer("file-system")).toMatchObject({
    connected: false,
    error: { message: expect.stringContaining("no answer") },
  });
});

test("the tool that bears its server's name is found by that name alone", async () => {
  await using registry = createToolRegistry();
  const tool = { description: "", run: () => "done" };
  registry.addAdapter(createFunctionAdapter({ name: "curl", tools: { curl: tool, get: tool } }));
  await registry.discoverAll();

  expect(registry.get("curl")?.canonicalName).toBe("curl.curl");
  expect(registry.get("get")).toBeUndefined();
});

test("a tool of a server that was never asked for its tools names the step that is missing", async () => {
  await using registry = createToolRegistry();
  const price = { description: "Price", run: () => 1 };
  registry.addAdapter(createFunctionAdapter({ name: "shop", tools: { price } }));
  const call = { tool: "shop.price", args: {}, callId: "1", executionId: "1" };

  const calling = registry.callTool(call, { signal: AbortSignal.timeout(1_000) });

  await expect(calling).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: expect.stringContaining("`await registry.discoverAll()` first"),
  });
});

test("names are listed of a server as programs write it", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(files());
  await registry.discoverAll();

  const written = registry.listNames({ server: "file_system" });

  expect(written).toEqual(registry.listNames({ server: "file-system" }));
  expect(written.total).toBe(2);
});
