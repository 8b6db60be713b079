import { dynamicTool, jsonSchema, tool } from "ai";
import { expect, test } from "vitest";
import { z } from "zod";

import { toolsFromAiSdk } from "../../src/index.ts";
import { takeOver } from "./run-tools.ts";

const weather = tool({
  description: "The weather of a city.",
  inputSchema: z.object({ city: z.string(), days: z.number().default(1) }),
  outputSchema: z.object({ text: z.string() }),
  inputExamples: [{ input: { city: "Oslo", days: 2 } }],
  execute: ({ city, days }, { toolCallId, abortSignal }) => ({
    text: `${city} ${days} ${toolCallId} ${abortSignal?.aborted}`,
  }),
});

test("a tool with zod schemas is typed, its defaults hold, and it is told the call and the signal", async () => {
  await using shop = await takeOver(toolsFromAiSdk({ weather }));

  const value = await shop.call("weather", { city: "Rome" });

  expect(value).toEqual({ text: "Rome 1 call-1 false" });
  expect(shop.diagnostics).toEqual([]);
  expect(shop.tools).toMatchObject([
    {
      canonicalName: "shop.weather",
      description: "The weather of a city.",
      inputSchema: { properties: { city: { type: "string" }, days: { default: 1 } } },
      outputSchema: { properties: { text: { type: "string" } } },
      inputExamples: [{ city: "Oslo", days: 2 }],
    },
  ]);
  await expect(shop.call("weather", { city: 1 })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
  });
});

test("jsonSchema() and dynamicTool() keep their schema and their validation", async () => {
  const schema = { type: "object", properties: { a: { type: "string" } } } as const;
  const echo = dynamicTool({
    description: "Says it again.",
    inputSchema: jsonSchema<{ a: string }>(schema, {
      validate: (value) =>
        JSON.stringify(value).includes("bad")
          ? { success: false, error: new Error("that is bad") }
          : { success: true, value: { a: "checked" } },
    }),
    execute: async (input) => input,
  });
  await using shop = await takeOver(toolsFromAiSdk({ echo }));

  const value = await shop.call("echo", { a: "x" });

  expect(shop.tools[0]?.inputSchema).toEqual(schema);
  expect(value).toEqual({ a: "checked" });
  await expect(shop.call("echo", { a: "bad" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message: expect.stringContaining("that is bad"),
  });
});

test("of a tool that yields, the last value counts; one without execute is left out", async () => {
  const tools = toolsFromAiSdk({
    steps: tool({
      inputSchema: z.object({}),
      async *execute() {
        yield { at: 1 };
        yield { at: 2 };
      },
    }),
    elsewhere: tool({ inputSchema: z.object({}) }),
  });
  await using shop = await takeOver(tools);

  expect(Object.keys(tools)).toEqual(["steps"]);
  expect(await shop.call("steps")).toEqual({ at: 2 });
});

test("a tool that needs approval is refused, unless somebody is there to give it", async () => {
  const pay = tool({
    inputSchema: z.object({ sum: z.number() }),
    needsApproval: ({ sum }) => sum > 10,
    execute: ({ sum }) => `paid ${sum}`,
  });
  await using alone = await takeOver(toolsFromAiSdk({ pay }));
  await using asked = await takeOver(
    toolsFromAiSdk(
      { pay },
      { approve: ({ tool: name, args }) => name === "pay" && args["sum"] === 20 },
    ),
  );

  expect(await alone.call("pay", { sum: 5 })).toBe("paid 5");
  await expect(alone.call("pay", { sum: 20 })).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining('Give "approve"'),
  });
  expect(await asked.call("pay", { sum: 20 })).toBe("paid 20");
  await expect(asked.call("pay", { sum: 30 })).rejects.toMatchObject({
    message: 'The call of "pay" was not approved.',
  });
});

test("a schema that is made later is named, with what to do", () => {
  const later = tool({
    inputSchema: jsonSchema(Promise.resolve({ type: "object" } as const)),
    execute: () => 1,
  });

  expect(() => toolsFromAiSdk({ later })).toThrow(/"later" is made later\. Await it/);
});
