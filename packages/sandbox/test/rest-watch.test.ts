import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, onTestFinished, test } from "vitest";

import { createRestWatch } from "../src/node-runner/rest-watch.ts";

/** A process that says by itself when it has begun. */
async function startChild(code: string): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const child = spawn(process.execPath, ["-e", code], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

async function start(code: string): Promise<number | undefined> {
  const { pid } = await startChild(`console.log(1); ${code}`);
  return pid;
}

const isLinux = process.platform === "linux";

test.runIf(isLinux)("a process that computes at rest is told of, once", async () => {
  let told = 0;
  const watch = createRestWatch(await start("for (;;);"), () => (told += 1));
  watch.rest();

  await expect.poll(() => told).toBe(1);
  await sleep(300);
  expect(told).toBe(1);
});

test.runIf(isLinux)("one that works may compute, and one that waits may wait", async () => {
  let told = 0;
  const works = createRestWatch(await start("for (;;);"), () => (told += 1));
  const waits = createRestWatch(await start("setInterval(() => {}, 100);"), () => (told += 1));
  works.rest();
  works.work();
  waits.rest();
  await sleep(600);

  expect(told).toBe(0);
});

const COLLECTS = `const all = Array.from({ length: 60 }, () => Buffer.alloc(5e6, 1));
console.log(1);
process.stdin.once("data", () => {
  const end = performance.now() + 300;
  while (performance.now() < end);
  console.log(all.length);
});`;

test.runIf(isLinux)(
  "one that holds much may collect its garbage a moment after its program",
  async () => {
    let told = 0;
    const child = await startChild(COLLECTS);
    const watch = createRestWatch(child.pid, () => (told += 1));
    watch.rest();
    await sleep(400);
    child.stdin.write("go\n");
    await once(child.stdout, "data");
    await sleep(600);

    expect(told).toBe(0);
  },
);

test("a process that is gone is not told of", async () => {
  let told = 0;
  const watch = createRestWatch(undefined, () => (told += 1));
  watch.rest();
  await sleep(200);

  expect(told).toBe(0);
});
