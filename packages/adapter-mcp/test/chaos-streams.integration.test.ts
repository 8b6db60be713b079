import { fileURLToPath } from "node:url";

import type { ToolAdapter, ToolResult } from "@codemode/core";
import { expect, test } from "vitest";

import type { McpServerOptions } from "../src/index.ts";
import { createMcpAdapter } from "../src/index.ts";

const script = fileURLToPath(new URL("fixtures/chaos-server.mjs", import.meta.url));

function chaos(mode: string, options: Partial<McpServerOptions> = {}): ToolAdapter {
  return createMcpAdapter({
    name: "chaos",
    command: process.execPath,
    args: [script, mode],
    ...options,
  });
}

function call(adapter: ToolAdapter, name: string): Promise<ToolResult> {
  const request = { tool: `chaos.${name}`, args: {}, callId: "c", executionId: "e" };
  return adapter.callTool(request, { signal: AbortSignal.timeout(60_000) });
}

const textOf = ({ content }: ToolResult): string => content[0]?.text ?? "";

test.each([
  ["garbage", "after garbage"],
  ["line-flood", "after the flood"],
  ["stderr-flood", "after the flood"],
  ["of-others", "mine"],
  ["twice", "first"],
])("%s beside an answer does no harm to it, nor to the next", async (mode, answer) => {
  await using adapter = chaos(mode);

  expect(textOf(await call(adapter, "run"))).toBe(answer);
  expect(textOf(await call(adapter, "echo"))).toBe("still here");
  expect(textOf(await call(adapter, "run"))).toBe(answer);
});

test("answers in another order reach those who asked", async () => {
  await using adapter = chaos("backwards");
  await adapter.listTools({ signal: AbortSignal.timeout(60_000) });

  const answers = await Promise.all(["run", "run", "run"].map((name) => call(adapter, name)));

  const ids = answers.map((answer) => Number(textOf(answer).replace("answer ", "")));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(new Set(ids).size).toBe(3);
});

test("an answer of ten megabytes comes whole; a smaller limit refuses it and says so", async () => {
  await using adapter = chaos("ten-megabytes");
  await using small = chaos("ten-megabytes", { maxMessageBytes: 1_000_000 });

  expect(textOf(await call(adapter, "run"))).toHaveLength(10_000_000);
  await expect(call(small, "run")).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    message: expect.stringContaining("over 1000000 bytes"),
  });
  expect(textOf(await call(small, "echo"))).toBe("still here");
});

test("a line that never ends is cut off at the limit, and the server is started anew", async () => {
  await using adapter = chaos("endless-line");
  const before = process.memoryUsage().rss;

  await expect(call(adapter, "run")).rejects.toMatchObject({
    code: "SERVER_PROTOCOL",
    message: expect.stringContaining("over 16777216 bytes"),
  });

  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
  expect(textOf(await call(adapter, "echo"))).toBe("still here");
});

test("an answer that comes after its time is nobody's", async () => {
  await using adapter = chaos("late-answer", { timeoutMs: 2_000 });

  await expect(call(adapter, "run")).rejects.toMatchObject({ code: "TOOL_TIMEOUT" });

  expect(textOf(await call(adapter, "echo"))).toBe("still here");
});
