import { createRunnerSet } from "./runner-set.ts";
import type { StartedChannel } from "./start-guest.ts";

/** Keeps a number of runners waiting. */
export interface WaitingRunners {
  /** One that nobody else gets: a started one where there is one, else one on its way. */
  take(): StartedChannel | Promise<StartedChannel> | undefined;
  /** There is use for them: those that were taken or let go come back, a moment later. */
  wake(): void;
  /** Ends one, to make room for another. */
  drop(): void;
  resize(count: number): void;
  /** Settles when all have started. Rejects as the first that does not. */
  filled(): Promise<void>;
  close(): Promise<void>;
}

/** How they are started, and how long they are kept. */
export interface WaitingRunnersOptions {
  /** `undefined` where none may be started now. */
  readonly start: () => Promise<StartedChannel> | undefined;
  /** What to wait after one that failed. */
  readonly retryMs: () => number;
  readonly idleMs: number;
  readonly maxAgeMs: number;
}

// Starting a process blocks for milliseconds: the one who waits comes first.
const REFILL_MS = 20;

/** None of them keeps the process alive. */
export function createWaitingRunners(options: WaitingRunnersOptions): WaitingRunners {
  const { start, retryMs, idleMs, maxAgeMs } = options;
  const runners = createRunnerSet(() => refillIn(retryMs()));
  let wanted = 0;
  let lastUse = performance.now();
  let refillTimer: NodeJS.Timeout | undefined;
  let sweepTimer: NodeJS.Timeout | undefined;

  const isIdle = (): boolean => performance.now() - lastUse >= idleMs;
  const refill = (): void => {
    refillTimer = undefined;
    while (runners.size < wanted && !isIdle()) {
      const started = start();
      if (!started) {
        refillIn(retryMs());
        break;
      }
      runners.add(started);
    }
    if (runners.size > 0) sweepTimer ??= setInterval(sweep, sweepMs(idleMs, maxAgeMs)).unref();
  };
  const refillIn = (ms: number): void => {
    if (runners.size < wanted) refillTimer ??= setTimeout(refill, ms).unref();
  };
  const sweep = (): void => {
    const idle = isIdle();
    runners.end((ageMs) => idle || ageMs >= maxAgeMs);
    if (!idle) refillIn(REFILL_MS);
    else {
      clearInterval(sweepTimer);
      sweepTimer = undefined;
    }
  };
  return {
    take: () => runners.take(),
    wake() {
      lastUse = performance.now();
      refillIn(REFILL_MS);
    },
    drop: () => runners.end(() => true, 1),
    resize(count) {
      wanted = count;
      lastUse = performance.now();
      refill();
    },
    filled: () => runners.started(),
    async close() {
      wanted = 0;
      clearInterval(sweepTimer);
      const started = runners.started();
      runners.end(() => true);
      await Promise.allSettled([started]);
    },
  };
}

/** Often enough that nothing is kept much longer than it should be. */
function sweepMs(idleMs: number, maxAgeMs: number): number {
  return Math.min(Math.max(Math.min(idleMs, maxAgeMs) / 4, 10), 60_000);
}
