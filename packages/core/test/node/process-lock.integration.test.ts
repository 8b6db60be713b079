import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("processes/take-lock.ts", import.meta.url));
const CONTENDERS = 8;
const DEATHS = 12;

let folder = "";
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "process-lock-"));
  await mkdir(join(folder, "locks"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** A process that answers each line with a line. */
async function start(): Promise<(line: string) => Promise<string>> {
  const child = spawn(process.execPath, [script, folder], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return async (line) => {
    child.stdin.write(`${line}\n`);
    return (await lines.next()).value ?? "ended";
  };
}

test("processes that find a dead owner's lock all at once hold it one at a time", async () => {
  const contenders = await Promise.all(Array.from({ length: CONTENDERS }, start));
  const found: string[] = [];

  for (let death = 0; death < DEATHS; death += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one death after another
    const dying = await start();
    // oxlint-disable-next-line no-await-in-loop -- as above
    await dying("die");
    // oxlint-disable-next-line no-await-in-loop -- as above
    found.push(...(await Promise.all(contenders.map((ask) => ask("take")))));
  }

  expect(found).toEqual(Array.from({ length: CONTENDERS * DEATHS }, () => "alone"));
});
