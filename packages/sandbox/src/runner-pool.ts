import { CodemodeError } from "@codemode/core";

import type { CatalogLine } from "./guest-modules.ts";
import { withReplacement } from "./replaced-runner.ts";
import { createRunnerPlaces } from "./runner-places.ts";
import { createStartBreaker } from "./start-breaker.ts";
import type { StartedChannel, StartOptions } from "./start-guest.ts";
import { startGuest } from "./start-guest.ts";
import { createWaitingRunners } from "./waiting-runners.ts";
import { whileAlive } from "./while-alive.ts";

/** How many runners there are, and for how long. */
export interface RunnerPoolOptions {
  /** Runners kept waiting, so that a session opens without a start. Default 0. */
  readonly prewarm?: number;
  /** Runners alive at once, waiting ones included. Default 64. */
  readonly maxRunners?: number;
  /** How long opening a session waits where all are in use; then `SESSION_LIMIT`. Default 10 000. */
  readonly acquireTimeoutMs?: number;
  /** Waiting runners are let go when none was claimed for so long; the next claim brings them back. Default 5 minutes. */
  readonly prewarmIdleMs?: number;
  /** A runner that has waited for so long makes way for a new one. Default 1 hour. */
  readonly prewarmMaxAgeMs?: number;
}

/** Started runners that wait for a session. */
export interface RunnerPool {
  /** A waiting runner, or a new one. Rejects with `SANDBOX_UNAVAILABLE` or `SESSION_LIMIT`. */
  claim(memoryMb: number): Promise<StartedChannel>;
  /** What runners that start from now on are given ahead. */
  expect(catalog: CatalogLine): void;
  /** Keeps `count` waiting from now on. */
  resize(count: number): void;
  /** Settles when those that are to wait have started. */
  filled(): Promise<void>;
  close(): Promise<void>;
}

/** Starts runners ahead of need, all with one memory limit. Each serves one session, then never again. */
export function createRunnerPool(
  options: StartOptions & RunnerPoolOptions,
  defaultMemoryMb: number,
): RunnerPool {
  const places = createRunnerPlaces(options.maxRunners ?? 64, options.acquireTimeoutMs ?? 10_000);
  const breaker = createStartBreaker();
  let ahead: CatalogLine | undefined;

  /** Takes over a place, and gives it back when the runner is dead or does not start. */
  const start = async (memoryMb: number, waits: boolean): Promise<StartedChannel> => {
    try {
      const channel = await startGuest(options, { memoryMb, ahead, waits });
      channel.onDeath(() => places.give());
      breaker.succeeded();
      return channel;
    } catch (error) {
      places.give();
      breaker.failed(error);
      throw error;
    }
  };
  const waiting = createWaitingRunners({
    start: () =>
      breaker.isClosed() && places.tryTake() ? start(defaultMemoryMb, true) : undefined,
    retryMs: () => breaker.retryMs(),
    idleMs: options.prewarmIdleMs ?? 300_000,
    maxAgeMs: options.prewarmMaxAgeMs ?? 3_600_000,
  });
  const startNew = async (memoryMb: number): Promise<StartedChannel> => {
    breaker.assertClosed();
    if (!places.tryTake()) {
      // Those that wait are of another size: they are worth less than a session.
      waiting.drop();
      await places.take();
    }
    return whileAlive(start(memoryMb, false));
  };
  return {
    async claim(memoryMb) {
      const ready = memoryMb === defaultMemoryMb ? waiting.take() : undefined;
      waiting.wake();
      if (!ready) return startNew(memoryMb);
      // One that could not start says nothing of the next.
      if (!("send" in ready)) return whileAlive(ready).catch(() => startNew(memoryMb));
      return withReplacement(ready, () => startNew(memoryMb));
    },
    expect(catalog) {
      ahead = catalog;
    },
    resize: (count) => waiting.resize(count),
    filled: () => whileAlive(waiting.filled()),
    async close() {
      places.close(
        new CodemodeError("SANDBOX_DISPOSED", "This sandbox is closed. Create a new one."),
      );
      await whileAlive(waiting.close());
    },
  };
}
