import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants, getPriority } from "node:os";

import { afterEach, describe, expect, test } from "vitest";

import { createChildWatch } from "../src/child-watch.ts";

const stepBack = (priority: number): number =>
  Math.min(priority + 3, constants.priority.PRIORITY_LOW);
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A child whose own start is over. */
async function startChild(
  source: string,
): Promise<{ readonly child: ChildProcess; readonly pid: number }> {
  const child = spawn(process.execPath, ["-e", `console.log("here"); ${source}`], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return { child, pid: child.pid ?? 0 };
}

describe.runIf(process.platform === "linux")("while a child works", () => {
  test("it stands back when it computes for long, until it rests", async () => {
    const { child, pid } = await startChild("for (;;);");
    const before = getPriority(pid);
    const watch = createChildWatch(child, { maxResidentMb: 1_000, onOver: () => undefined });

    watch.start();

    await expect.poll(() => getPriority(pid), { timeout: 15_000 }).toBe(stepBack(before));
    watch.rest();
    // Only the system's owner may undo it.
    expect(getPriority(pid)).toBe(process.getuid?.() === 0 ? before : stepBack(before));
  });

  test("it keeps its place when it waits, however long it takes", async () => {
    const { child, pid } = await startChild("setInterval(() => {}, 1000);");
    const before = getPriority(pid);
    const watch = createChildWatch(child, { maxResidentMb: 1_000, onOver: () => undefined });

    watch.start();
    await new Promise((resolve) => setTimeout(resolve, 800));

    expect(getPriority(pid)).toBe(before);
    watch.rest();
  });

  test("it is told of when it takes too much memory", async () => {
    const { child } = await startChild("setInterval(() => {}, 1000);");
    const over = Promise.withResolvers<void>();
    const watch = createChildWatch(child, { maxResidentMb: 1, onOver: over.resolve });

    watch.start();

    await expect(over.promise).resolves.toBeUndefined();
    watch.rest();
  });
});
