import { expect, onTestFinished, test, vi } from "vitest";

import { createAttempt, withPatience } from "../src/named-module.ts";

const attempt = createAttempt(
  {
    key: "sandbox_variant",
    name: "./mine.ts",
    code: "SANDBOX_UNAVAILABLE",
    remedy: "Correct the module.",
  },
  [],
);

test("a module of which nothing ever comes is an error after a minute, not an end without a word", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());

  const told: unknown[] = [];
  attempt("cannot be made", () => withPatience(() => new Promise(() => {}))).catch(
    (error: unknown) => told.push(error),
  );
  await vi.advanceTimersByTimeAsync(59_000);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);

  expect(told).toMatchObject([
    {
      code: "SANDBOX_UNAVAILABLE",
      message:
        'The sandbox_variant "./mine.ts" cannot be made: nothing came of it within 60 seconds. Correct the module.',
    },
  ]);
});

test("one that comes in time leaves no timer behind", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());

  await expect(withPatience(() => "made")).resolves.toBe("made");
  expect(vi.getTimerCount()).toBe(0);
});
