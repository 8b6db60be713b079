import { CodemodeError } from "@codemode/core";
import { afterEach, expect, test, vi } from "vitest";

import type { RunnerPoolOptions } from "../src/index.ts";
import { createRunnerPool } from "../src/runner-pool.ts";
import type { ChannelExit, SandboxChannel } from "../src/sandbox-channel.ts";

interface FakeRunner extends SandboxChannel {
  readonly sent: string[];
  die(exit?: ChannelExit): void;
  readonly alive: boolean;
}

/** A runner that is at rest after its source and after each program, and dies when it is killed. */
function fakeRunner(): FakeRunner {
  const sent: string[] = [];
  let hear: ((frame: string) => void) | undefined;
  let end: ((exit: ChannelExit) => void) | undefined;
  let alive = true;
  const die = (exit: ChannelExit = { signal: "SIGKILL" }): void => {
    if (!alive) return;
    alive = false;
    queueMicrotask(() => end?.(exit));
  };
  return {
    sent,
    die,
    get alive() {
      return alive;
    },
    send(frame) {
      if (!alive) return;
      sent.push(frame);
      queueMicrotask(() => hear?.("I"));
    },
    onFrame: (listener) => void (hear = listener),
    onExit: (listener) => void (end = listener),
    kill: () => die(),
  };
}

function openPool(
  options: RunnerPoolOptions = {},
  connect: () => FakeRunner = fakeRunner,
): { pool: ReturnType<typeof createRunnerPool>; runners: FakeRunner[] } {
  const runners: FakeRunner[] = [];
  const pool = createRunnerPool(
    {
      variant: "fake",
      remedy: "Mend it.",
      connect: () =>
        Promise.resolve().then(() => {
          const runner = connect();
          runners.push(runner);
          return runner;
        }),
      ...options,
    },
    128,
  );
  return { pool, runners };
}

const living = (runners: readonly FakeRunner[]): number =>
  runners.filter(({ alive }) => alive).length;

afterEach(() => void vi.useRealTimers());

test("those kept waiting are claimed first, each once, and others take their places", async () => {
  const { pool, runners } = openPool();
  pool.resize(2);
  await pool.filled();

  const claimed = await Promise.all([pool.claim(128), pool.claim(128), pool.claim(128)]);

  claimed.forEach((channel, index) => channel.send(`mark ${index}`));
  const marks = runners.map(({ sent }) => sent.filter((frame) => frame.startsWith("mark")));
  expect(marks.flat().toSorted()).toEqual(["mark 0", "mark 1", "mark 2"]);
  expect(marks.every((marksOfOne) => marksOfOne.length === 1)).toBe(true);
  await expect.poll(() => living(runners)).toBe(5);
  await pool.close();
  expect(living(runners)).toBe(3);
});

test("a claimed runner that was dead already is replaced, and the other one gets the program", async () => {
  const { pool, runners } = openPool();
  pool.resize(1);
  await pool.filled();

  const claim = pool.claim(128);
  runners[0]?.die();
  const channel = await claim;
  const frames: string[] = [];
  channel.onFrame((frame) => frames.push(frame));
  channel.send("program");

  await expect.poll(() => frames).toContain("I");
  expect(runners.filter(({ sent }) => sent.includes("program"))).toEqual([
    expect.objectContaining({ alive: true }),
  ]);
});

test("a runner that has said something is not replaced when it dies", async () => {
  const { pool, runners } = openPool();
  pool.resize(1);
  await pool.filled();
  const channel = await pool.claim(128);
  const ended = new Promise<ChannelExit>((resolve) => channel.onExit(resolve));
  channel.send("program");
  await Promise.resolve();

  runners[0]?.die({ code: 7 });

  await expect(ended).resolves.toEqual({ code: 7 });
});

test("with all in use a claim waits for one that ends, and gives up at its deadline", async () => {
  const { pool } = openPool({ maxRunners: 2, acquireTimeoutMs: 50 });
  const first = await pool.claim(128);
  await pool.claim(128);

  const late = pool.claim(128);
  first.kill();
  await late;

  await expect(pool.claim(128)).rejects.toMatchObject({
    code: "SESSION_LIMIT",
    retryable: true,
    message: expect.stringContaining("All 2 sandboxes are in use"),
  });
});

test("waiting runners count, and make way for one of another size", async () => {
  const { pool, runners } = openPool({ maxRunners: 2 });
  pool.resize(2);
  await pool.filled();

  await pool.claim(256);

  expect(runners).toHaveLength(3);
  expect(living(runners)).toBe(2);
});

test("after three failures no start is tried for a while, and the refusal names the cause", async () => {
  const connect = vi.fn<() => FakeRunner>(() => {
    throw new Error("the disk is full");
  });
  const { pool } = openPool({}, connect);
  const claim = (): Promise<unknown> =>
    pool.claim(128).then(
      () => undefined,
      (error: unknown) => error,
    );
  await claim();
  await claim();
  await claim();

  const refused = await claim();

  expect(connect).toHaveBeenCalledTimes(3);
  expect(refused).toBeInstanceOf(CodemodeError);
  expect(refused).toMatchObject({
    code: "SANDBOX_UNAVAILABLE",
    message: expect.stringMatching(
      /^The fake sandbox cannot start: the disk is full\. Mend it\. It failed 3 times in a row and is tried again in \d s\.$/,
    ),
  });
});

test("runners that nobody claims are let go, and come back with the next claim", async () => {
  vi.useFakeTimers();
  const { pool, runners } = openPool({ prewarmIdleMs: 50 });
  pool.resize(2);
  await pool.filled();

  await vi.advanceTimersByTimeAsync(70);
  expect(living(runners)).toBe(0);
  await pool.claim(128);
  await vi.advanceTimersByTimeAsync(30);

  expect(living(runners)).toBe(3);
});

test("a runner that has waited for too long makes way for a new one", async () => {
  vi.useFakeTimers();
  const { pool, runners } = openPool({ prewarmMaxAgeMs: 40 });
  pool.resize(1);
  await pool.filled();

  await vi.advanceTimersByTimeAsync(80);

  expect(runners).toHaveLength(2);
  expect(runners[0]?.alive).toBe(false);
  await pool.close();
});

test("closing refuses those who wait, and leaves no waiting runner alive", async () => {
  const { pool, runners } = openPool({ maxRunners: 1 });
  const held = await pool.claim(128);
  pool.resize(3);
  const late = pool.claim(128);

  const [refused] = await Promise.allSettled([late, pool.close()]);

  expect(refused).toMatchObject({ status: "rejected", reason: { code: "SANDBOX_DISPOSED" } });
  held.kill();
  expect(living(runners)).toBe(0);
});
