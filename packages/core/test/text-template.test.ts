import { expect, test } from "vitest";

import { parseTextTemplate, placeholdersOf } from "../src/index.ts";

test("placeholders and texts stand in turn, and doubled braces are braces", () => {
  const parts = parseTextTemplate("{{{a}-{b}{a}}}");

  expect(parts).toEqual([
    { text: "{" },
    { name: "a" },
    { text: "-" },
    { name: "b" },
    { name: "a" },
    { text: "}" },
  ]);
  expect(placeholdersOf(parts)).toEqual(["a", "b"]);
});

test.each(["{", "a}", "{1a}", "{a-b}"])("a brace that is no placeholder is refused: %s", (text) => {
  expect(() => parseTextTemplate(text)).toThrow(/has a single "[{}]"; write/);
});
