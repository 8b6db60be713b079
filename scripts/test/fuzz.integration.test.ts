import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { createDockerSandbox } from "../../packages/sandbox-docker/src/index.ts";
import { findDaemon } from "../../packages/sandbox-docker/test/daemon.ts";
import { createIsolatedVmSandbox } from "../../packages/sandbox-isolated-vm/src/index.ts";
import { createLocalEvalSandbox } from "../../packages/sandbox-local-eval/src/index.ts";
import type { Sandbox } from "../../packages/sandbox/src/index.ts";
import { runFuzz } from "../fuzz/run-fuzz.ts";

// Always the same programs: `npm run fuzz` looks for new ones.
const seed = 20_261_121;

async function failureIn(create: () => Sandbox, runs = 150): Promise<string | undefined> {
  await using sandbox = create();
  const { failure, ends } = await runFuzz({ sandbox, runs, seed });
  expect(ends.get("ok") ?? 0).toBeGreaterThan(0);
  return failure;
}

test(`150 generated programs end in typed results in isolated-vm`, async () => {
  expect(await failureIn(() => createIsolatedVmSandbox({ prewarm: 1 }))).toBeUndefined();
});

test(`150 generated programs end in typed results in local-eval`, async () => {
  const workspacePath = mkdtempSync(join(tmpdir(), "codemode-fuzz-"));
  onTestFinished(() => rmSync(workspacePath, { recursive: true, force: true }));

  expect(
    await failureIn(() => createLocalEvalSandbox({ workspacePath, prewarm: 1 })),
  ).toBeUndefined();
});

const daemon = await findDaemon();

// oxlint-disable-next-line vitest/no-conditional-tests -- without a daemon there is nothing to test, and the helper has said so
if (daemon) {
  const { baseImage } = daemon;
  test("60 generated programs end in typed results in docker", async () => {
    expect(
      await failureIn(() => createDockerSandbox({ baseImage, prewarm: 1 }), 60),
    ).toBeUndefined();
  });
}
