import { ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";

import { toolsFromLangChain } from "../../src/index.ts";
import { takeOver } from "./run-tools.ts";

const add = tool(async ({ a, b }) => ({ sum: a + b }), {
  name: "add",
  description: "Adds.",
  schema: z.object({ a: z.number(), b: z.number().default(1) }),
});

test("a tool with a zod schema is typed and checks its arguments itself", async () => {
  await using shop = await takeOver(toolsFromLangChain([add]));

  expect(shop.tools).toMatchObject([
    { name: "add", description: "Adds.", inputSchema: { properties: { a: { type: "number" } } } },
  ]);
  expect(await shop.call("add", { a: 2 })).toEqual({ sum: 3 });
  await expect(shop.call("add", { a: "x" })).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining("did not match expected schema"),
  });
});

test("JSON Schema, one text, content with an artifact, a whole message", async () => {
  const schema = {
    type: "object" as const,
    properties: { q: { type: "string" as const } },
    required: ["q"],
  };
  const find = tool(async () => ["found", { raw: [1] }], {
    name: "find",
    description: "Finds.",
    schema,
    responseFormat: "content_and_artifact",
  });
  const shout = tool(async (text: string) => text.toUpperCase(), {
    name: "shout",
    description: "Shouts.",
  });
  const speak = tool(
    () => new ToolMessage({ content: "whole", tool_call_id: "1", status: "success" }),
    { name: "speak", description: "", schema: { type: "object" } },
  );
  const fail = tool(
    () => new ToolMessage({ content: "closed today", tool_call_id: "1", status: "error" }),
    { name: "fail", description: "", schema: { type: "object" } },
  );
  await using shop = await takeOver(toolsFromLangChain([find, shout, speak, fail]));

  expect(shop.tools.find(({ name }) => name === "find")?.inputSchema).toEqual(schema);
  expect(await shop.call("find", { q: "x" })).toBe("found");
  expect(shop.tools.find(({ name }) => name === "shout")?.inputSchema).toMatchObject({
    properties: { input: { type: "string" } },
  });
  expect(await shop.call("shout", { input: "hi" })).toBe("HI");
  expect(await shop.call("speak")).toBe("whole");
  await expect(shop.call("fail")).rejects.toThrow("closed today");
});
