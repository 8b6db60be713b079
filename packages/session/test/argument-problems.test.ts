import type { JsonObject, JsonSchema } from "@codemode/core";
import { expect, test } from "vitest";

import { createArgumentCheck } from "../src/argument-check.ts";
import { registryWith } from "./calls.ts";

async function problems(schema: JsonSchema, args: JsonObject): Promise<readonly string[]> {
  await using registry = await registryWith(schema);
  const [tool] = registry.list();
  return tool ? createArgumentCheck()(tool, args).problems : ["there is no tool"];
}

test("what is missing besides is told besides, not as an alternative", async () => {
  const schema = { type: "object", required: ["a", "b"], properties: { a: {}, b: {} } };

  expect(await problems(schema, {})).toEqual(['"a" is required', '"b" is required']);
});

test("a value's faults are told each, those of alternatives with an or between", async () => {
  const schema = {
    type: "object",
    properties: {
      code: { type: "string", minLength: 3, pattern: "^[a-z]+$" },
      who: {
        anyOf: [{ required: ["name", "age"] }, { required: ["id"] }],
        maxProperties: 0,
      },
    },
  };

  expect(await problems(schema, { code: "A1", who: { x: 1 } })).toEqual([
    expect.stringMatching(/^code: .*short/),
    'code: must match the pattern "^[a-z]+$"',
    "who: must have at most 0 properties",
    'who: "name" is required and "age" is required, or "id" is required',
  ]);
});
