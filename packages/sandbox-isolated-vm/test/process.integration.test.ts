import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test, vi } from "vitest";

import { createIsolatedVmSandbox } from "../src/index.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("./fixtures/run-once.ts", import.meta.url));

test("a script that closes nothing ends with code 0 after its program, every time", async () => {
  for (let round = 0; round < 8; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after another, so that a rare failure is not hidden by load
    const { stdout } = await run(process.execPath, [script]);
    expect(stdout).toBe("2\n");
  }
});

test.runIf(process.platform === "linux")("no child outlives a killed host", async () => {
  const host = spawn(
    process.execPath,
    [script, "await new Promise((done) => setTimeout(done, 60_000))"],
    {
      stdio: "ignore",
    },
  );
  const { pid = 0 } = host;
  await vi.waitFor(() => expect(childrenOf(pid)).not.toEqual([]), 5_000);
  const children = childrenOf(pid);

  host.kill("SIGKILL");

  await vi.waitFor(() => expect(children.filter(isRunner)).toEqual([]), 2_000);
});

/** Process ids of a process's children. */
function childrenOf(parent: number): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && statOf(pid)?.[1] === String(parent));
}

function isRunner(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat[0] !== "Z";
}

/** State and parent, as in proc(5). */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It has ended between the listing and the look.
    return undefined;
  }
}

test("a sandbox that cannot start says why and what to do", async () => {
  await using sandbox = createIsolatedVmSandbox({ memoryMb: 1 });

  const probe = await sandbox.probe();

  expect(probe).toMatchObject({
    ok: false,
    reason: expect.stringContaining("The isolated-vm sandbox cannot start"),
    remedy: expect.stringContaining("sandbox_variant"),
  });
});
