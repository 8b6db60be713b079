import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { ExecuteResult, Sandbox, SandboxSession } from "@codemode/sandbox";
import { expect, test, vi } from "vitest";

import { createIsolatedVmSandbox } from "../src/index.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("./fixtures/leave-pool.ts", import.meta.url));
const isLinux = process.platform === "linux";

/** Process ids of this process's runners. */
function runners(): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && isRunner(pid));
}

function isRunner(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state !== "Z" && parent === String(process.pid) && isIsolate(pid);
  } catch {
    // It has ended between the listing and the look.
    return false;
  }
}

const isIsolate = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--allow-addons");

let executions = 0;

/** Runs one program in a session of its own. */
async function execute(sandbox: Sandbox, code: string): Promise<ExecuteResult> {
  await using session = await sandbox.openSession();
  return await executeIn(session, code);
}

function executeIn(session: SandboxSession, code: string): Promise<ExecuteResult> {
  executions += 1;
  return session.execute({
    executionId: `execution-${executions}`,
    code,
    catalog: { revision: "0", servers: [], modules: [] },
    hostFunctions: {},
    callTool: () => Promise.resolve(null),
  });
}

test.runIf(isLinux)(
  "a waiting runner that was killed a moment ago is not noticed by its program",
  async () => {
    await using sandbox = createIsolatedVmSandbox();
    await sandbox.prewarm(3);

    for (const pid of runners()) process.kill(pid, "SIGKILL");
    const results = await Promise.all(["1", "2", "3"].map((code) => execute(sandbox, code)));

    expect(results.map((result) => result.ok && result.value)).toEqual([1, 2, 3]);
  },
);

test.runIf(isLinux)(
  "sixteen programs at once on three runners all run, apart from each other",
  async () => {
    await using sandbox = createIsolatedVmSandbox({
      maxRunners: 3,
      prewarm: 1,
      acquireTimeoutMs: 50_000,
    });
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, runners().length)), 20);

    const results = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        execute(sandbox, `globalThis.seen = (globalThis.seen ?? 0) + 1; [${index}, seen]`),
      ),
    );
    clearInterval(watch);

    expect(results.map((result) => result.ok && result.value)).toEqual(
      Array.from({ length: 16 }, (_, index) => [index, 1]),
    );
    // One that has been killed may still be there when its successor starts.
    expect(most).toBeLessThanOrEqual(6);
  },
);

test.runIf(isLinux)(
  "an idle pool costs no process, and the next session brings it back",
  async () => {
    await using sandbox = createIsolatedVmSandbox({ prewarmIdleMs: 2_500 });
    await sandbox.prewarm(2);
    expect(runners()).toHaveLength(2);

    await vi.waitFor(() => expect(runners()).toEqual([]), 30_000);
    await using session = await sandbox.openSession();
    // They are let go again after a while, so those that were seen count: the session's and two more.
    const seen = new Set(runners());
    const result = await executeIn(session, "'back'");

    expect(result).toMatchObject({ ok: true, value: "back" });
    await expect.poll(() => runners().reduce((all, pid) => all.add(pid), seen).size).toBe(3);
  },
);

test("a script that leaves a pool behind ends at once with code 0", async () => {
  const { stderr } = await run(process.execPath, [script], { timeout: 120_000 });

  expect(stderr).toBe("");
});
