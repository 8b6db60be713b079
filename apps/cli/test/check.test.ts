import { CodemodeError } from "@codemode/core";
import { expect, test } from "vitest";

import { checkNode, failedCheck } from "../src/check.ts";

test("a Node without the permission model is named, with what to install", () => {
  expect(checkNode("v24.21.0", new Set(["--permission"]))).toMatchObject({ ok: true });
  expect(checkNode("v18.20.0", new Set())).toMatchObject({
    ok: false,
    message: expect.stringContaining("v18.20.0 has no permission model"),
    remedy: expect.stringContaining("Install Node 24"),
  });
});

test("a sandbox's own remedy is kept, and a config's failure has one", () => {
  const details = { reason: "No device.", remedy: "Plug it in." };
  const sandbox = new CodemodeError("SANDBOX_UNAVAILABLE", "No device. Plug it in.", { details });

  expect(failedCheck(sandbox)).toMatchObject({ name: "sandbox", remedy: "Plug it in." });
  expect(failedCheck(new CodemodeError("CONFIG_INVALID", "wrong"))).toMatchObject({
    name: "config",
    remedy: expect.stringContaining("Correct the config"),
  });
});
