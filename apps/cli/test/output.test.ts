import { expect, test } from "vitest";

import { toJsonLine } from "../src/output.ts";

test("JSON holds nothing that steers a terminal or ends a line, and reads as the same value", () => {
  const value = { a: "\u001b[31m \u009b31m \u202e \u2028 \u{e0041} \ud800", "k\u0085": "é 漢 🙂" };

  const line = toJsonLine(value);

  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  expect(line).toContain("é 漢 🙂");
  expect(JSON.parse(line)).toEqual(value);
});
