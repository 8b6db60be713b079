import type { ToolCaller } from "@codemode/core";
import { expect, test, vi } from "vitest";

import { withBudget } from "../src/with-budget.ts";
import { callOf, callOptions } from "./calls.ts";

test("as many calls as the budget has go through; the next is refused and never made", async () => {
  const next = vi.fn<ToolCaller>().mockResolvedValue({ content: [] });
  const callTool = withBudget(next, 2);

  await callTool(callOf("shop.add"), callOptions);
  await callTool(callOf("shop.add"), callOptions);
  const third = callTool(callOf("shop.pay"), callOptions);

  await expect(third).rejects.toMatchObject({
    code: "TOOL_LIMIT",
    tool: "shop.pay",
    message: expect.stringContaining('2 tool calls, all that one execution may make. "shop.pay"'),
  });
  expect(next).toHaveBeenCalledTimes(2);
});

test("calls that start at once and calls that fail count too", async () => {
  const next = vi.fn<ToolCaller>().mockRejectedValue(new Error("away"));
  const callTool = withBudget(next, 2);

  const calls = [1, 2, 3].map(() => callTool(callOf("shop.add"), callOptions));
  const outcomes = await Promise.allSettled(calls);

  expect(outcomes).toMatchObject([
    { status: "rejected", reason: { message: "away" } },
    { status: "rejected", reason: { message: "away" } },
    { status: "rejected", reason: { code: "TOOL_LIMIT" } },
  ]);
  expect(next).toHaveBeenCalledTimes(2);
});
