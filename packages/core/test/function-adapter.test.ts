import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expect, test } from "vitest";
import { z } from "zod";

import { createFunctionAdapter } from "../src/index.ts";
import { testAdapterConformance } from "../src/testing/index.ts";

const adapter = createFunctionAdapter({
  name: "math",
  tools: {
    add: {
      description: "Adds.",
      input: z.object({ a: z.number(), b: z.number().default(10) }),
      output: z.object({ sum: z.number() }),
      run: ({ a, b }) => ({ sum: a + b }),
    },
    echo: { description: "Says it again.", run: (args) => args["text"] },
    circle: {
      description: "No JSON.",
      input: { type: "object" },
      run: () => {
        const value: { self?: unknown } = {};
        value.self = value;
        return value;
      },
    },
    fail: {
      description: "Fails.",
      run: () => {
        throw new RangeError("out of paper");
      },
    },
  },
});

const call = (
  tool: string,
  args: Record<string, never> | { readonly [k: string]: number | string },
) =>
  adapter.callTool(
    { tool, args, callId: "c1", executionId: "e1" },
    { signal: AbortSignal.timeout(60_000) },
  );

test("a zod schema becomes JSON Schema, and its defaults and types reach the function", async () => {
  const { tools } = await adapter.listTools({ signal: AbortSignal.timeout(60_000) });

  const result = await call("math.add", { a: 1 });

  expect(tools[0]).toMatchObject({
    canonicalName: "math.add",
    inputSchema: { type: "object", required: ["a"], properties: { b: { default: 10 } } },
    outputSchema: { type: "object", properties: { sum: { type: "number" } } },
  });
  expect(result).toEqual({ content: [], structuredContent: { sum: 11 } });
});

test("a wrong argument is named", async () => {
  await expect(call("math.add", { a: "one" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    tool: "math.add",
    message: expect.stringContaining("a: "),
  });
});

test("a string is text, nothing is no content", async () => {
  expect(await call("math.echo", { text: "hi" })).toEqual({
    content: [{ type: "text", text: "hi" }],
  });
  expect(await call("math.echo", {})).toEqual({ content: [] });
});

test("a value that is no JSON fails the tool by name", async () => {
  await expect(call("math.circle", {})).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining('"math.circle" returned no JSON'),
  });
});

testAdapterConformance({
  name: "functions",
  createAdapter: (name) =>
    createFunctionAdapter({
      name,
      tools: {
        echo: {
          description: "Says it again.",
          input: { type: "object", properties: { text: { type: "string" } } },
          run: (args) => args["text"],
        },
        fail: {
          description: "Fails.",
          run: () => {
            throw new Error("out of paper");
          },
        },
        wait: {
          description: "Waits until it is cancelled.",
          run: (_args, { signal }) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener("abort", () => reject(signal.reason));
            }),
        },
      },
    }),
  works: { tool: "echo", args: { text: "hello" }, value: "hello" },
  fails: { tool: "fail", args: {}, message: "out of paper" },
  waits: { tool: "wait", args: {} },
});

test("a schema library without a JSON Schema converter still checks arguments, and that is told", async () => {
  const even: StandardSchemaV1<unknown, number> = {
    "~standard": {
      version: 1,
      vendor: "mini",
      validate: (value) =>
        Number(Object(value)["n"]) % 2 === 0
          ? { value: Number(Object(value)["n"]) }
          : { issues: [{ message: "is odd", path: ["n"] }] },
    },
  };
  const when = z.object({ at: z.date() });
  const untyped = createFunctionAdapter({
    name: "math",
    tools: {
      half: { description: "Halves.", input: even, run: (n) => n / 2 },
      now: { description: "Tells.", output: when, run: () => 1 },
    },
  });
  const signal = AbortSignal.timeout(60_000);

  const { tools, diagnostics } = await untyped.listTools({ signal });
  const half = (n: number) =>
    untyped.callTool({ tool: "math.half", args: { n }, callId: "1", executionId: "1" }, { signal });

  expect(tools.map(({ inputSchema }) => inputSchema)).toEqual([
    { type: "object" },
    { type: "object" },
  ]);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringContaining('Tool "math.half": its arguments cannot be typed'),
    expect.stringContaining('Tool "math.now": its value cannot be typed'),
  ]);
  expect(await half(4)).toMatchObject({ structuredContent: 2 });
  await expect(half(3)).rejects.toMatchObject({ message: expect.stringContaining("n: is odd") });
});
