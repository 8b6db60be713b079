import { expect, test } from "vitest";

import { parseJson } from "../src/index.ts";

test("integers that no number can hold keep their digits as texts; all others are numbers", () => {
  const text = '{"id":12345678901234567891,"near":[9007199254740991,-9007199254740993],"far":1e30}';

  expect(parseJson(text)).toEqual({
    id: "12345678901234567891",
    near: [9_007_199_254_740_991, "-9007199254740993"],
    far: 1e30,
  });
  expect(parseJson("12345678901234567891")).toBe("12345678901234567891");
});

test("digits in a text stay a text, and what is no JSON is a SyntaxError", () => {
  expect(parseJson('["a: 12345678901234567891", 1.2345678901234567]')).toEqual([
    "a: 12345678901234567891",
    1.2345678901234567,
  ]);
  expect(() => parseJson("{oops")).toThrow(SyntaxError);
});
