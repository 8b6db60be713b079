import { CodemodeError } from "@codemode/core";
import { expect, test } from "vitest";

import { createStartBreaker } from "../src/start-breaker.ts";

const cause = new CodemodeError("SANDBOX_UNAVAILABLE", "The box sandbox cannot start: no device.");

test("starts are tried until three have failed in a row", () => {
  const breaker = createStartBreaker(() => 0);

  breaker.failed(cause);
  breaker.failed(cause);
  expect(() => breaker.assertClosed()).not.toThrow();
  breaker.succeeded();
  breaker.failed(cause);
  breaker.failed(cause);
  expect(() => breaker.assertClosed()).not.toThrow();
  breaker.failed(cause);

  expect(() => breaker.assertClosed()).toThrow(
    "no device. It failed 3 times in a row and is tried again in 4 s.",
  );
});

test("pauses double up to a minute, and after each one start is tried, not all", () => {
  let now = 0;
  const breaker = createStartBreaker(() => now);
  const pauses: number[] = [];

  for (let failure = 0; failure < 10; failure += 1) {
    breaker.failed(cause);
    pauses.push(breaker.retryMs());
    now += breaker.retryMs();
  }

  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map((seconds) => seconds * 1_000));
  expect(() => breaker.assertClosed()).not.toThrow();
  expect(() => breaker.assertClosed()).toThrow("It failed 10 times in a row");
  expect(breaker.isClosed()).toBe(false);
  breaker.succeeded();
  expect(breaker.isClosed()).toBe(true);
  expect(() => breaker.assertClosed()).not.toThrow();
});
