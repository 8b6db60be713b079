import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { createIsolatedVmSandbox } from "../src/index.ts";
import { answersUrl, runnerArguments } from "../src/runner-arguments.ts";

const run = promisify(execFile);

test("a sandbox that cannot start says why and what to do", async () => {
  await using sandbox = createIsolatedVmSandbox({ memoryMb: 1 });

  const probe = await sandbox.probe();

  expect(probe).toMatchObject({
    ok: false,
    reason: expect.stringContaining("The isolated-vm sandbox cannot start"),
    remedy: expect.stringContaining("sandbox_variant"),
  });
});

test("the language of the child is frozen before anything of a program is there, and its environment is empty", async () => {
  const addon = fileURLToPath(new URL("./fixtures/tell-frozen.cjs", import.meta.url));
  const args = ["--no-warnings", ...runnerArguments(), addon, "64", answersUrl()];

  const { stdout } = await run(process.execPath, args, { env: {} });

  expect(JSON.parse(stdout)).toEqual({ loose: [], json: true, env: [] });
});
