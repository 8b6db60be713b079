import { fileURLToPath } from "node:url";

import type { ToolAdapter, ToolResult } from "@codemode/core";
import { expect, test } from "vitest";

import type { McpServerOptions } from "../src/index.ts";
import { createMcpAdapter } from "../src/index.ts";

const script = fileURLToPath(new URL("./fixtures/chaos-server.mjs", import.meta.url));

function chaos(mode: string, options: Partial<McpServerOptions> = {}): ToolAdapter {
  const env = { API_TOKEN: "sk-very-secret-token" };
  return createMcpAdapter({
    name: "chaos",
    command: process.execPath,
    args: [script, mode],
    env,
    ...options,
  });
}

const soon = () => ({ signal: AbortSignal.timeout(20_000) });

function call(adapter: ToolAdapter, name: string): Promise<ToolResult> {
  const request = { tool: `chaos.${name}`, args: {}, callId: "c", executionId: "e" };
  return adapter.callTool(request, soon());
}

test("one malformed tool costs that tool a diagnostic, not the listing", async () => {
  await using adapter = chaos("malformed-tool");

  const { tools, diagnostics } = await adapter.listTools(soon());

  expect(tools.map((tool) => tool.name)).toEqual(["good", "no-schema"]);
  expect(tools[1]?.inputSchema).toEqual({ type: "object" });
  expect(diagnostics.map(({ code }) => code)).toEqual([
    "TOOL_DROPPED",
    "TOOL_REPAIRED",
    "TOOL_DROPPED",
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
  await using junk = chaos("junk-only", { connectTimeoutMs: 300 });
  await using silent = chaos("hang", { connectTimeoutMs: 300 });

  await expect(junk.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    message: expect.stringContaining('it printed \\"Welcome'.replaceAll("\\", "")),
  });
  await expect(silent.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_TIMEOUT",
    message: expect.stringContaining('Server "chaos" did not answer in time'),
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
  ["null-result", "TOOL_FAILED", "no valid JSON-RPC"],
  ["nan", "TOOL_FAILED", "no valid JSON-RPC"],
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

  expect(await call(adapter, "run")).toEqual({ content: [], structuredContent: [1, null] });
});

test("a server gets the variables every process needs, its own, and none of ours", async () => {
  process.env["CODEMODE_TEST_SECRET"] = "not for servers";
  await using adapter = chaos("fine");

  const { content } = await call(adapter, "run");

  expect(content[0]?.text).toContain("API_TOKEN");
  expect(content[0]?.text).toContain("PATH");
  expect(content[0]?.text).not.toContain("CODEMODE_TEST_SECRET");
});

test("closing ends a server that does not heed signals", async () => {
  const adapter = chaos("ignores-sigterm");
  await adapter.listTools(soon());

  await adapter[Symbol.asyncDispose]();

  await expect(call(adapter, "echo")).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE" });
});

test("a missing command, a wrong folder and an unreachable URL are named", async () => {
  await using command = createMcpAdapter({ name: "ghost", command: "no-such-command-here" });
  await using refused = createMcpAdapter({
    name: "web",
    url: "http://127.0.0.1:49321/mcp?token=sk-hidden-value",
  });
  await using wrong = createMcpAdapter({ name: "web", url: "not a url" });

  await expect(command.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: expect.stringContaining('command "no-such-command-here" was not found'),
  });
  await expect(refused.listTools(soon())).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message:
      'Server "web" cannot be reached at http://127.0.0.1:49321/mcp (ECONNREFUSED). Check that it runs and that its "url" is right.',
  });
  await expect(wrong.listTools(soon())).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});
