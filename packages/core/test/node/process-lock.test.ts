import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createProcessToken, withProcessLock } from "../../src/node/index.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "process-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const lock = <T>(body: () => Promise<T>, timeoutMs = 60_000): Promise<T> =>
  withProcessLock({ folder, name: "key", timeoutMs }, body);

/** A lock as an owner that was interrupted leaves it. */
async function leaveLock(token: string): Promise<void> {
  await mkdir(join(folder, "key"));
  await writeFile(join(folder, "key", token), "");
}

test("one after another holds it, and nothing is left", async () => {
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 12 }, () =>
      lock(async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(2);
        inside -= 1;
      }),
    ),
  );

  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test("what fails within gives it back", async () => {
  await expect(lock(() => Promise.reject(new Error("within")))).rejects.toThrow("within");

  expect(await lock(async () => "again")).toBe("again");
});

test("who waits too long is told, and leaves nothing", async () => {
  const late = lock(async () => {
    await expect(lock(async () => {}, 30)).rejects.toThrow(
      'The lock "key" has been held for too long.',
    );
  });
  await late;

  expect(await readdir(folder)).toEqual([]);
});

test("a dead owner's lock is taken by one of many who wait", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  await leaveLock(createProcessToken().replace(`.${process.pid}.`, `.${pid}.`));
  const order: string[] = [];
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      lock(async () => {
        order.push(`${index} in`);
        await sleep(1);
        order.push(`${index} out`);
      }),
    ),
  );

  const pairs = order.map((text) => text.split(" "));
  expect(pairs.filter(([index], n) => n % 2 === 0 && index !== pairs[n + 1]?.[0])).toEqual([]);
  expect(order).toHaveLength(16);
});

test.runIf(process.platform === "linux")(
  "a process that got the number of a dead one does not hold its lock",
  async () => {
    const [machine, pid, , nonce] = createProcessToken().split(".");
    await leaveLock([machine, pid, "1", nonce].join("."));

    expect(await lock(async () => "taken", 9_000)).toBe("taken");
  },
);

test("a lock of before a restart, or of another container, is taken when it is old", async () => {
  const token = createProcessToken().replace(/^[0-9a-f]+/, "0123456789abcdef");
  await leaveLock(token);
  await expect(lock(async () => {}, 30)).rejects.toThrow("for too long");
  const before = new Date(Date.now() - 60_000);
  await utimes(join(folder, "key", token), before, before);

  expect(await lock(async () => "taken")).toBe("taken");
});
