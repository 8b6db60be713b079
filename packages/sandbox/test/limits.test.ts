import { expect, test } from "vitest";

import { completeLimits, DEFAULT_LIMITS, wrongLimit } from "../src/limits.ts";

test("limits that are not given, or given as nothing, are the defaults", () => {
  expect(completeLimits(undefined)).toBe(DEFAULT_LIMITS);
  const given: object = { timeoutMs: undefined, computeMs: 7 };
  expect(completeLimits(given)).toEqual({ ...DEFAULT_LIMITS, computeMs: 7 });
});

test.each([NaN, Infinity, 0, -1, "30s", null])("a limit of %j is named and refused", (value) => {
  const given: object = { timeoutMs: value };

  expect(wrongLimit(completeLimits(given))).toMatchObject({
    code: "CONFIG_INVALID",
    message: "limits.timeoutMs has to be a finite number above 0.",
  });
});
