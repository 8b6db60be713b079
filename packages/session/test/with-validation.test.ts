import type { JsonObject, JsonSchema, ToolCaller } from "@codemode/core";
import { expect, test, vi } from "vitest";

import { withValidation } from "../src/with-validation.ts";
import { callOf, callOptions, registryWith } from "./calls.ts";

const ADD: JsonSchema = {
  type: "object",
  properties: {
    item: { type: "string", minLength: 1 },
    count: { type: "integer", default: 1 },
    size: { enum: ["s", "m"] },
  },
  required: ["item", "count"],
  additionalProperties: false,
};

async function check(schema: JsonSchema, args: JsonObject, tool = "shop.add") {
  await using registry = await registryWith(schema);
  const next = vi.fn<ToolCaller>().mockResolvedValue({ content: [] });
  const outcome = withValidation(next, registry)(callOf(tool, args), callOptions);
  const error: unknown = await outcome.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, calls: next.mock.calls.map(([call]) => call) };
}

test("wrong arguments are all named at once and the tool is never called", async () => {
  const { error, calls } = await check(ADD, { item: 7, size: "xl", cuont: 2 });

  expect(error).toMatchObject({
    code: "INVALID_ARGUMENTS",
    tool: "shop.add",
    details: [
      "item: must be string, not number",
      'size: must be one of ["s","m"]',
      'cuont: no such parameter. Did you mean "count"?',
    ],
  });
  expect(calls).toEqual([]);
});

test("a missing argument is told with the mistyped one that probably was to be it", async () => {
  const { error } = await check(ADD, { itme: "pen" });

  expect(error).toMatchObject({
    message: expect.stringContaining('"item" is required (instead of "itme"?)'),
  });
});

test("defaults are filled in before the check, also for required arguments", async () => {
  const { error, calls } = await check(ADD, { item: "pen" });

  expect(error).toBeUndefined();
  expect(calls).toEqual([callOf("shop.add", { item: "pen", count: 1 })]);
});

test("a call under another spelling of the name is checked and goes on under its own", async () => {
  const wrong = await check(ADD, {}, "shop__add");
  const right = await check(ADD, { item: "pen" }, "shop__add");

  expect(wrong.error).toMatchObject({ code: "INVALID_ARGUMENTS", tool: "shop.add" });
  expect(right.calls).toMatchObject([{ tool: "shop.add" }]);
});

test("an unknown tool goes on to the registry, which knows what to say of it", async () => {
  const { calls } = await check(ADD, { x: 1 }, "shop.ad");

  expect(calls).toEqual([callOf("shop.ad", { x: 1 })]);
});

test("arguments in the dialect of the schema are judged by it", async () => {
  const tuple = { type: "array", items: [{ type: "string" }, { type: "number" }] };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { pair: tuple },
  };

  const wrong = await check(schema, { pair: ["a", "b"] });
  const right = await check(schema, { pair: ["a", 1] });

  expect(wrong.error).toMatchObject({ details: ["pair.1: must be number, not string"] });
  expect(right.error).toBeUndefined();
});

test("schemas that cannot be checked let arguments through: the server judges them", async () => {
  const lost = await check({ type: "object", $ref: "#/$defs/none" }, { a: 1 });
  const loop = await check(
    { type: "object", properties: { a: { $ref: "#/properties/a" } } },
    { a: 1 },
  );

  expect(lost.calls).toHaveLength(1);
  expect(loop.calls).toHaveLength(1);
});

test("a pattern that takes exponential time is left out, the rest of its schema is not", async () => {
  const schema = {
    type: "object",
    properties: { a: { type: "string", pattern: "^(a+)+$" }, b: { type: "string", pattern: "^x" } },
  };

  const { error } = await check(schema, { a: `${"a".repeat(40)}!`, b: "y" });

  expect(error).toMatchObject({ details: [expect.stringMatching(/^b: /)] });
});

test("more problems than anybody reads are counted", async () => {
  const names = Array.from({ length: 14 }, (_, n) => `p${n}`);
  const { error } = await check({ type: "object", required: names }, {});

  expect(error).toMatchObject({ details: { length: 11, 10: "and 4 more" } });
  const closed = await check(
    { type: "object", properties: {}, additionalProperties: false },
    Object.fromEntries(names.map((name) => [name, 1])),
  );
  expect(closed.error).toMatchObject({ details: { length: 11, 10: "and 4 more" } });
});
