import { inspect } from "node:util";

import { expect, test } from "vitest";

import type { ToolCallOptions } from "../src/index.ts";
import { CodemodeError, createFunctionAdapter, createToolRegistry } from "../src/index.ts";

const secrets = ["s3cret/value", 'with "quotes"', "tiny"];

async function callWith(run: () => unknown) {
  await using registry = createToolRegistry({ secrets });
  registry.addAdapter(createFunctionAdapter({ name: "a", tools: { t: { description: "", run } } }));
  await registry.discoverAll();
  const call = { tool: "a.t", args: {}, callId: "1", executionId: "1" };
  return registry.callTool(call, { signal: AbortSignal.timeout(60_000) });
}

test("values are taken out of texts and of values in an answer, in every spelling; words stay", async () => {
  const text = await callWith(() => `a s3cret/value, s3cret%2Fvalue, ${JSON.stringify(secrets)}`);
  const value = await callWith(() => ({ deep: [{ it: 'x with "quotes" x' }], tiny: "tiny" }));

  expect(text.content).toEqual([
    { type: "text", text: 'a [secret], [secret], ["[secret]","[secret]","tiny"]' },
  ]);
  expect(value.structuredContent).toEqual({ deep: [{ it: "x [secret] x" }], tiny: "tiny" });
});

test("an answer without any is the very same", async () => {
  const answer = await callWith(() => ({ a: 1 }));

  expect(answer).toEqual({ content: [], structuredContent: { a: 1 } });
});

test("an error keeps its code and the kind of its cause, and loses the values in both", async () => {
  const failing = callWith(() => {
    const options = { details: { at: "s3cret/value" }, cause: new TypeError("s3cret/value") };
    throw new CodemodeError("TOOL_FAILED", "no s3cret/value", { ...options, retryable: true });
  });

  const error: unknown = await failing.catch((thrown: unknown) => thrown);
  expect(inspect(error)).not.toContain("s3cret");
  expect(error).toMatchObject({
    code: "TOOL_FAILED",
    message: "no [secret]",
    details: { at: "[secret]" },
    retryable: true,
    cause: { name: "TypeError", message: "[secret]" },
  });
});

function tellProgress(_args: unknown, { onProgress }: ToolCallOptions): void {
  onProgress?.({ progress: 1, message: "with s3cret/value" });
}

test("what a tool says on the way loses the values too", async () => {
  const told: unknown[] = [];
  await using registry = createToolRegistry({ secrets });
  registry.addAdapter(
    createFunctionAdapter({ name: "a", tools: { t: { description: "", run: tellProgress } } }),
  );
  await registry.discoverAll();

  const call = { tool: "a.t", args: {}, callId: "1", executionId: "1" };
  const onProgress = (progress: unknown): unknown => told.push(progress);
  await registry.callTool(call, { signal: AbortSignal.timeout(1_000), onProgress });

  expect(told).toEqual([{ progress: 1, message: "with [secret]" }]);
});
