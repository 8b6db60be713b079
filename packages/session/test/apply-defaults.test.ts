import type { JsonSchema } from "@codemode/core";
import { expect, test } from "vitest";

import { applyDefaults, hasDefaults } from "../src/apply-defaults.ts";

const SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    sort: { type: "string", default: "asc" },
    page: { type: "object", properties: { size: { type: "integer", default: 20 } } },
  },
};

test("a missing argument gets its default, one that is given keeps its value", () => {
  expect(applyDefaults(SCHEMA, {})).toEqual({ sort: "asc" });
  expect(applyDefaults(SCHEMA, { sort: "desc" })).toEqual({ sort: "desc" });
  expect(applyDefaults({ properties: { a: { default: 1 } } }, { a: null })).toEqual({ a: null });
});

test("nested objects are filled in where they are given, and not made where they are not", () => {
  expect(applyDefaults(SCHEMA, { page: {} })).toEqual({ sort: "asc", page: { size: 20 } });
});

test("what was given is not changed", () => {
  const args = Object.freeze({ page: Object.freeze({}) });

  const filled = applyDefaults(SCHEMA, args);

  expect(filled).not.toBe(args);
  expect(args).toEqual({ page: {} });
});

test("a property named __proto__ is a property", () => {
  const schema: JsonSchema = JSON.parse('{"properties":{"__proto__":{"default":{"x":1}}}}');

  const filled = applyDefaults(schema, {});

  expect(Object.keys(filled)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(filled)).toBe(Object.prototype);
});

test("whether there are defaults is known at any depth", () => {
  expect(hasDefaults(SCHEMA)).toBe(true);
  expect(hasDefaults({ properties: { page: SCHEMA } })).toBe(true);
  expect(hasDefaults({ properties: { a: { type: "string" } } })).toBe(false);
  expect(hasDefaults(true)).toBe(false);
});
