import { expect, test } from "vitest";

import { readHeaderParameters } from "../src/header-parameters.ts";

const region = { type: "string", "x-mcp-header": "Region" };

test("arguments that are headers too are counted, however deep they are in properties", () => {
  const inner = { type: "object", properties: { zone: { ...region, "x-mcp-header": "Zone" } } };
  const properties = { region, inner, plain: { type: "string", default: region } };
  expect(readHeaderParameters({ type: "object", properties })).toEqual({ count: 2 });
  expect(readHeaderParameters(true)).toEqual({ count: 0 });
});

test.each([
  [{ properties: { a: { type: "string", "x-mcp-header": "" } } }, "no name of a header"],
  [{ properties: { a: { type: "string", "x-mcp-header": "a b" } } }, "no name of a header"],
  [{ properties: { a: { type: "number", "x-mcp-header": "A" } } }, "not on a string"],
  [{ properties: { a: region, b: { ...region, "x-mcp-header": "REGION" } } }, "the same"],
  [{ properties: { a: { type: "array", items: region } } }, "no plain property"],
  [{ anyOf: [{ properties: { region } }] }, "no plain property"],
  [{ "x-mcp-header": "A", type: "string" }, "no plain property"],
])("%j cannot be sent", (schema, problem) => {
  expect(readHeaderParameters(schema)).toEqual({ problem: expect.stringContaining(problem) });
});
