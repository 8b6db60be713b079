import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { ToolAdapter, ToolResult } from "@codemode/core";
import { expect, test, vi } from "vitest";

import type { McpServerOptions } from "../src/index.ts";
import { createMcpAdapter } from "../src/index.ts";

const script = fileURLToPath(new URL("./fixtures/chaos-server.mjs", import.meta.url));

function chaos(
  mode: string,
  { env: more = {}, ...options }: Partial<McpServerOptions> & { env?: Record<string, string> } = {},
): ToolAdapter {
  const env = { API_TOKEN: "sk-very-secret-token", ...more };
  return createMcpAdapter({
    name: "chaos",
    command: process.execPath,
    args: [script, mode],
    env,
    ...options,
  });
}

/** A process that has ended may still be listed until its parent looks. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
}

const soon = () => ({ signal: AbortSignal.timeout(60_000) });

function call(adapter: ToolAdapter, name: string): Promise<ToolResult> {
  const request = { tool: `chaos.${name}`, args: {}, callId: "c", executionId: "e" };
  return adapter.callTool(request, soon());
}

test("one malformed tool costs that tool a diagnostic, not the listing", async () => {
  await using adapter = chaos("malformed-tool");

  const { tools, diagnostics } = await adapter.listTools(soon());

  expect(tools.map(({ name, inputSchema }) => [name, inputSchema])).toEqual([
    ["good", { type: "object" }],
    ["no-schema", { type: "object" }],
    ["no-type", { type: "object", required: ["a"] }],
  ]);
  expect(diagnostics).toMatchObject([
    { code: "TOOL_DROPPED", message: expect.stringContaining("without a usable name") },
    { code: "TOOL_REPAIRED", message: expect.stringContaining('"chaos.no-schema"') },
    { code: "TOOL_REPAIRED", message: expect.stringContaining('has no "type"') },
    { code: "TOOL_DROPPED", message: expect.stringContaining('"task-only" that is left out') },
    { code: "TOOL_DROPPED", message: expect.stringContaining("without a usable name") },
  ]);
});

test("pages are followed, repeated ones end the listing, endless ones fail it", async () => {
  await using paged = chaos("two-pages");
  await using repeated = chaos("repeated-page");
  await using endless = chaos("endless-pages");

  const { tools } = await paged.listTools(soon());
  const { diagnostics } = await repeated.listTools(soon());

  expect(tools.map((tool) => tool.name)).toEqual(["first", "second"]);
  expect(diagnostics).toMatchObject([{ code: "LISTING_REPEATED" }]);
  await expect(endless.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    message: expect.stringContaining('Server "chaos" lists tools without end'),
  });
});

test("a server that ends at once says why, without secrets and places of this machine", async () => {
  await using adapter = chaos("crash-at-start");

  const listing = adapter.listTools(soon());

  await expect(listing).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: expect.stringContaining(
      'Server "chaos" ended with code 3: Error: no licence found, token [secret]',
    ),
  });
  await expect(listing).rejects.not.toMatchObject({
    message: expect.stringContaining("/opt/secret"),
  });
});

test("a server that prints something else is told from one that is silent", async () => {
  // A shell has printed long before; Node may still be starting.
  await using junk = createMcpAdapter({
    name: "chaos",
    command: "sh",
    args: ["-c", "echo 'Welcome to the server!'; exec sleep 60"],
    connectTimeoutMs: 2_000,
  });
  await using silent = chaos("hang", { connectTimeoutMs: 300 });

  await expect(junk.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    message: expect.stringContaining('it printed \\"Welcome'.replaceAll("\\", "")),
  });
  await expect(silent.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_TIMEOUT",
    message: expect.stringContaining(
      'Server "chaos" did not answer within 300 ms when it was connected',
    ),
  });
});

test("a banner and a byte order mark do no harm", async () => {
  await using adapter = chaos("banner");

  expect((await adapter.listTools(soon())).tools).toHaveLength(2);
  expect(adapter.description).toBe("Does one thing wrong.");
});

test.each([
  ["crash-in-call", "SERVER_UNAVAILABLE", "ended"],
  ["hang-in-call", "TOOL_TIMEOUT", "did not answer within 500 ms"],
  ["giant", "SERVER_PROTOCOL", "sent a message of over"],
  ["giant-text", "SERVER_PROTOCOL", "sent a message of over 16777216 bytes"],
  ["deep-value", "SERVER_PROTOCOL", "more than 500 levels deep"],
  ["null-result", "SERVER_PROTOCOL", 'its "result" is no object'],
  ["result-and-error", "SERVER_PROTOCOL", 'either a "result" or an "error"'],
  ["null-id", "SERVER_PROTOCOL", 'it has no "id"'],
  ["old-version", "SERVER_PROTOCOL", 'its "jsonrpc" is not "2.0"'],
  ["nan", "SERVER_PROTOCOL", "it is not JSON"],
  ["invalid-arguments", "INVALID_ARGUMENTS", "a must be a number"],
  ["unknown-tool", "TOOL_NOT_FOUND", "Unknown tool"],
  ["crash-behind-wrapper", "SERVER_UNAVAILABLE", 'Whether "chaos.run" took effect is not known'],
  ["rpc-error", "TOOL_FAILED", "backend said [secret]"],
])("%s in a call is %s, and the next call works", async (mode, code, message) => {
  await using adapter = chaos(mode, { timeoutMs: mode === "hang-in-call" ? 500 : 20_000 });

  await expect(call(adapter, "run")).rejects.toMatchObject({
    code,
    tool: "chaos.run",
    message: expect.stringContaining(message),
  });

  expect(await call(adapter, "echo")).toEqual({ content: [{ type: "text", text: "still here" }] });
});

test("an answer of odd form is taken as far as it can be", async () => {
  await using adapter = chaos("odd-content");

  expect(await call(adapter, "run")).toEqual({
    content: [
      { type: "text", text: "good" },
      { type: "text", text: "bare" },
      { type: "text", text: "7" },
    ],
    structuredContent: [1, null],
  });
});

test("what a server asks of its client is refused, so nothing hangs", async () => {
  await using adapter = chaos("asks-for-sampling");

  const { content } = await call(adapter, "run");

  expect(content[0]?.text).toContain("Method not found");
});

test("a cancelled call tells the server and ends at once", async () => {
  await using adapter = chaos("tells-of-cancelling");
  await adapter.listTools(soon());
  const controller = new AbortController();
  const request = { tool: "chaos.run", args: {}, callId: "c", executionId: "e" };

  const pending = adapter.callTool(request, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);

  await expect(pending).rejects.toMatchObject({ code: "CANCELLED", tool: "chaos.run" });
  const { content } = await call(adapter, "echo");
  expect(content[0]?.text).toBe("cancelled 1");
});

test("whoever gives up while the server starts does not wait for it; closing does not either", async () => {
  const adapter = chaos("hang");
  const controller = new AbortController();

  const listing = adapter.listTools({ signal: controller.signal });
  const other = adapter.listTools(soon());
  setTimeout(() => controller.abort(), 50);
  await expect(listing).rejects.toMatchObject({ code: "CANCELLED" });
  const [closing] = await Promise.allSettled([other, adapter[Symbol.asyncDispose]()]);

  expect(closing).toMatchObject({
    reason: {
      code: "SERVER_UNAVAILABLE",
      message: expect.stringContaining('Server "chaos" was closed'),
    },
  });
});

test("a listing of many slow pages ends with its time limit", async () => {
  await using adapter = chaos("slow-pages", { timeoutMs: 500 });

  await expect(adapter.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_TIMEOUT",
    message: expect.stringContaining("within 500 ms"),
  });
});

test("a server without tools has none", async () => {
  await using adapter = chaos("no-tools");

  expect(await adapter.listTools(soon())).toEqual({ tools: [], diagnostics: [] });
});

test("a call under way when the server ends is not sent again; the next use starts it anew", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codemode-test-"));
  const log = join(folder, "calls.log");
  await using adapter = chaos("crash-in-call", { env: { CALL_LOG: log } });

  const calls = await Promise.allSettled(["run", "run", "run"].map((name) => call(adapter, name)));
  await call(adapter, "echo");

  expect(calls.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  const received = (await readFile(log, "utf8")).trim().split("\n");
  expect(received.filter((name) => name === "echo")).toHaveLength(1);
  expect(received.filter((name) => name === "run").length).toBeLessThanOrEqual(3);
  await rm(folder, { recursive: true });
});

test("a server that changes its tools is heard", async () => {
  await using adapter = chaos("changes-tools");
  const changed = Promise.withResolvers<void>();
  const stop = adapter.onToolsChanged?.(changed.resolve);

  await call(adapter, "run");

  await expect(changed.promise).resolves.toBeUndefined();
  stop?.();
});

test("a server gets the variables every process needs, its own, and none of ours", async () => {
  process.env["CODEMODE_TEST_SECRET"] = "not for servers";
  await using adapter = chaos("fine");

  const { content } = await call(adapter, "run");

  expect(content[0]?.text).toContain("API_TOKEN");
  expect(content[0]?.text).toContain("PATH");
  expect(content[0]?.text).not.toContain("CODEMODE_TEST_SECRET");
});

test("closing ends a server that does not heed signals, and what it started", async () => {
  const adapter = chaos("ignores-sigterm");
  const { content } = await call(adapter, "run");
  const pids = (content[0]?.text ?? "").split(" ").map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);

  await adapter[Symbol.asyncDispose]();

  await vi.waitFor(() => expect(pids.map(isRunning)).toEqual([false, false]), 30_000);
  await expect(call(adapter, "echo")).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE" });
});

test("a missing command, a wrong folder and an unreachable URL are named", async () => {
  await using command = createMcpAdapter({ name: "ghost", command: "no-such-command-here" });
  await using refused = createMcpAdapter({
    name: "web",
    url: "http://127.0.0.1:6/mcp?token=sk-hidden-value",
  });
  await using wrong = createMcpAdapter({ name: "web", url: "not a url" });
  const cwd = join(tmpdir(), "no-such-folder-here");
  await using folder = createMcpAdapter({ name: "ghost", command: process.execPath, cwd });
  await using line = createMcpAdapter({ name: "ghost", command: "no-such-command --flag" });
  await using brief = createMcpAdapter({ name: "brief", command: "echo", args: ["hello"] });

  await expect(command.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: expect.stringContaining('command "no-such-command-here" was not found'),
  });
  await expect(refused.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message:
      'Server "web" cannot be reached at http://127.0.0.1:6/mcp (ECONNREFUSED). Check that it runs and that its "url" is right.',
  });
  await expect(wrong.listTools(soon())).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(folder.listTools(soon())).rejects.toThrow('its "cwd" does not exist');
  await expect(line.listTools(soon())).rejects.toThrow('Its arguments belong into "args".');
  await expect(brief.listTools(soon())).rejects.toThrow(
    'Server "brief" ended with code 0, without a word; it printed "hello". Check its "command", "args" and "env".',
  );
});
