import { expect, test } from "vitest";

import type { UtcpCallables } from "../src/index.ts";
import { openManual, textManual } from "./support.ts";

const tool = (name: string, callable = name) => ({
  name,
  inputs: { type: "object", properties: { message: { type: "string" }, times: {}, mark: {} } },
  tool_call_template: { call_template_type: "direct-call", callable_name: callable },
});

const callables: UtcpCallables = {
  manual: () => ({ utcp_version: "1.0.0", tools: [tool("repeat"), tool("fail")] }),
  repeat: async (message, times = 2, mark = "!") =>
    `${JSON.stringify(message)} ${Number(times)} ${JSON.stringify(mark)}`,
  count: async function* count() {
    yield 1;
    yield 2;
  },
  fail: () => {
    throw new Error("closed on Sundays");
  },
  hang: () => new Promise(() => undefined),
  circle: () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    return circle;
  },
};

test("a function gives the manual, and its tools are functions too", async () => {
  await using manual = await openManual(
    { name: "local", call_template_type: "direct-call", callable_name: "manual" },
    { callables },
  );

  expect(manual.names).toEqual(["local.fail", "local.repeat"]);
  expect(await manual.call("local.repeat", { mark: "?", message: "ab" })).toBe('"ab" 2 "?"');
  await expect(manual.call("local.fail")).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: 'Tool "local.fail" failed: closed on Sundays',
  });
});

test("what a function yields is a list; what never comes or is no JSON is a typed error", async () => {
  const tools = ["count", "hang", "circle", "nobody"].map((name) => tool(name));
  await using manual = await openManual(textManual(tools, ["direct-call"]), {
    callables,
    timeoutMs: 200,
  });

  expect(await manual.call("local.count")).toEqual([1, 2]);
  await expect(manual.call("local.hang")).rejects.toMatchObject({ code: "TOOL_TIMEOUT" });
  await expect(manual.call("local.circle")).rejects.toMatchObject({ code: "TOOL_FAILED" });
  await expect(manual.call("local.nobody")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining('no function "nobody"; give it to the adapter in "callables"'),
  });
});

test("a manual that is not allowed to call functions cannot", async () => {
  await using manual = await openManual(textManual([tool("repeat")], ["text"]), { callables });

  expect(manual.names).toEqual([]);
});
