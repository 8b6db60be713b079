import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "demo-test-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: folder, FORCE_COLOR: undefined };
}

test("the demo prints plain lines of 80 columns where nobody looks on, and keeps nothing behind", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main], { env: environment() });

  // oxlint-disable-next-line no-control-regex -- the escape character is what must not be there
  expect(stdout).not.toMatch(/\u001B/);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toContain("Tool calls: 9, up to 4 at once, 1 failed (x)");
  expect(stdout.match(/^ {2}\S+ +\|[ =x]+\| +\d+\.\d ms$/gm)).toHaveLength(9);
  expect(stdout).toContain('"total": 4676');
  expect(stdout).toMatch(/all 43 tools handed to the model: \d{4}\n/);
  expect(stdout).toMatch(/code mode's 5 tools, whatever the catalog: \d{3}\n/);
  expect(await readdir(folder)).toEqual([]);
});

test("Ctrl-C in the middle of the demo leaves neither a process nor a folder", async () => {
  const child = spawn(process.execPath, [main], {
    env: environment(),
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.setEncoding("utf8");
  for await (const text of child.stdout) {
    if (String(text).includes("Logs, as they were written")) break;
  }
  const group = -Number(child.pid);
  const ended = once(child, "exit");
  process.kill(group, "SIGINT");

  expect(await ended).toEqual([130, null]);
  expect(await readdir(folder)).toEqual([]);
  // Signal 0 asks whether anybody of the group is there.
  await expect.poll(() => isAlive(group)).toBe(false);
});

function isAlive(group: number): boolean {
  try {
    process.kill(group, 0);
    return true;
  } catch {
    return false;
  }
}
