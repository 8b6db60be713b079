import { expect, test } from "vitest";
import { z } from "zod";

import { checkFunctionTools } from "../src/check-function-tools.ts";
import { createFunctionAdapter } from "../src/index.ts";

const run = (): number => 1;

test.each([
  [{ run, input: { id: z.string() } }, '"input" is a shape with the schema of "id" in it'],
  [{ run, output: { id: z.string() } }, '"output" is a shape with the schema of "id" in it'],
  [{ run, inputSchema: { type: "object" } }, '"inputSchema" is called "input" here'],
  [{ execute: run }, '"execute" is called "run" here'],
  [{ description: "x" }, 'it needs "run", a function of its arguments'],
  [run, "it has to be an object { description, run }"],
  [{ run, input: "string" }, '"input" has to be a schema object, or a JSON Schema'],
])("the tool %j is refused with what to change", (tool, message) => {
  const check = (): void => checkFunctionTools({ name: "shop", tools: { price: tool } });

  expect(check).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(`createFunctionAdapter "shop": tool "price": ${message}`),
    }),
  );
});

test.each([
  [{ name: "shop", tools: [{ name: "price", run }] }, '"tools" has to be an object of tools'],
  [{ name: "shop" }, '"tools" has to be an object of tools'],
  [{ tools: {} }, '"name" has to be a text'],
])("an adapter of %j is refused", (options, message) => {
  const check = (): void => checkFunctionTools(options);

  expect(check).toThrow(expect.objectContaining({ message: expect.stringContaining(message) }));
});

test("a bare shape is refused where the adapter is made: it would check no arguments", () => {
  const input = { id: z.string() };
  const make = () =>
    createFunctionAdapter({ name: "shop", tools: { price: { description: "Price", input, run } } });

  expect(make).toThrow(/Wrap it: z\.object/);
});

test("schemas of libraries and JSON Schema are fine, a property called after a schema too", () => {
  const tools = {
    a: { run, input: z.object({ id: z.string() }) },
    b: { run, input: { type: "object", properties: { input: { type: "string" } } } },
    c: { run },
  };

  expect(() => checkFunctionTools({ name: "shop", tools })).not.toThrow();
});
