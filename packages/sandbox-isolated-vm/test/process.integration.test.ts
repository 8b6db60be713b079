import { expect, test } from "vitest";

import { createIsolatedVmSandbox } from "../src/index.ts";

test("a sandbox that cannot start says why and what to do", async () => {
  await using sandbox = createIsolatedVmSandbox({ memoryMb: 1 });

  const probe = await sandbox.probe();

  expect(probe).toMatchObject({
    ok: false,
    reason: expect.stringContaining("The isolated-vm sandbox cannot start"),
    remedy: expect.stringContaining("sandbox_variant"),
  });
});
