import { expect, test } from "vitest";

import { exitError } from "../src/stop-reasons.ts";

test.each([
  [{ code: 3 }, "The sandbox ended unexpectedly (code 3)."],
  [{ signal: "SIGSEGV" }, "The sandbox ended unexpectedly (SIGSEGV)."],
  [{}, "The connection to the sandbox was cut, as where a Docker daemon stops."],
])("a runner that is gone (%o) tells how", (exit, message) => {
  expect(exitError(exit, undefined)).toMatchObject({
    code: "SANDBOX_CRASHED",
    message: expect.stringContaining(message),
  });
});
