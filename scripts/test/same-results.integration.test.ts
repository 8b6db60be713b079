import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { createDockerSandbox } from "../../packages/sandbox-docker/src/index.ts";
import { findDaemon } from "../../packages/sandbox-docker/test/daemon.ts";
import { createIsolatedVmSandbox } from "../../packages/sandbox-isolated-vm/src/index.ts";
import { createLocalEvalSandbox } from "../../packages/sandbox-local-eval/src/index.ts";
import type { ExecuteResult, Sandbox, SandboxSession } from "../../packages/sandbox/src/index.ts";
import { toRequest } from "../../packages/sandbox/src/testing/requests.ts";

/** A program in a session that many share, or several of a session of their own. */
type Programs = readonly (string | readonly string[])[];

const ALL: Programs = JSON.parse(
  await readFile(new URL("../same-results/programs.json", import.meta.url), "utf8"),
);
// All of them take minutes on a busy machine.
const PROGRAMS = ALL.filter((_, index) => process.env["CI"] || index % 10 === 0);
// One may change what the next ones find: the same ones meet everywhere.
const PROGRAMS_PER_SESSION = 20;

/** All of a result that is not a time or a name of its own. */
function comparable(result: ExecuteResult): unknown {
  const { logs, calls, warnings } = result;
  return {
    ...(result.ok ? { value: result.value } : { error: result.error }),
    logs: logs.map(({ level, text }) => [level, text]),
    calls: calls.map(({ tool, ok, errorCode }) => [tool, ok, errorCode]),
    warnings,
  };
}

/** What each of the programs gives there, as text. */
async function runAll(sandbox: Sandbox): Promise<readonly string[]> {
  const told: string[] = [];
  let shared: SandboxSession | undefined;
  /* oxlint-disable no-await-in-loop -- programs of one session run in order */
  for (const [index, program] of PROGRAMS.entries()) {
    const isAlone = typeof program !== "string";
    if (!isAlone && (index % PROGRAMS_PER_SESSION === 0 || shared?.state !== "ready")) {
      await shared?.[Symbol.asyncDispose]();
      shared = await sandbox.openSession();
    }
    const session = isAlone || !shared ? await sandbox.openSession() : shared;
    const results: unknown[] = [];
    for (const code of [program].flat())
      results.push(comparable(await session.execute(toRequest(code))));
    if (session !== shared) await session[Symbol.asyncDispose]();
    told.push(JSON.stringify([program, results]));
  }
  /* oxlint-enable no-await-in-loop */
  return told;
}

const expected = Promise.withResolvers<readonly string[]>();

test("isolated-vm runs the programs that all are compared by", async () => {
  await using sandbox = createIsolatedVmSandbox();
  const told = await runAll(sandbox);
  expected.resolve(told);

  expect(told).toHaveLength(PROGRAMS.length);
});

test("local-eval gives the same values, errors with their lines, logs and warnings", async () => {
  const workspacePath = await mkdtemp(join(tmpdir(), "codemode-same-"));
  onTestFinished(() => rm(workspacePath, { recursive: true }));
  await using sandbox = createLocalEvalSandbox({ workspacePath });

  expect(await runAll(sandbox)).toEqual(await expected.promise);
});

const daemon = await findDaemon();
const { baseImage = "" } = daemon ?? {};
test.runIf(daemon).each([true, false])("docker does too, with node_apis %s", async (nodeApis) => {
  await using sandbox = createDockerSandbox({ baseImage, nodeApis });

  expect(await runAll(sandbox)).toEqual(await expected.promise);
});
