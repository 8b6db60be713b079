import { expect, test } from "vitest";

import { retryAfterSeconds } from "../src/index.ts";

test("a number of seconds and a date are both understood; what is neither says nothing", () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();

  expect(retryAfterSeconds(" 3 ")).toBe(3);
  expect(retryAfterSeconds(inAnHour)).toBeGreaterThan(3_500);
  expect(retryAfterSeconds("Wed, 21 Oct 2015 07:28:00 GMT")).toBe(0);
  expect([null, undefined, "", "soon"].map((text) => retryAfterSeconds(text))).toEqual(
    Array.from({ length: 4 }),
  );
});
