import type { CodemodeError } from "@codemode/core";

import type { ProgramClock } from "./program-clock.ts";
import { createProgramClock } from "./program-clock.ts";

/** What a stopper acts on. */
export interface StopperOptions {
  /** When the program was sent, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Asks the guest, now and then, whether anything can still happen. */
  readonly askWhetherStalled: () => void;
  readonly onDeadline: () => CodemodeError;
  readonly onCancel: () => CodemodeError;
  /** First step: ask the guest to end. Its variables live on. */
  readonly abort: (reason: CodemodeError) => void;
  /** Tells the runner how long the program has from now on. */
  readonly giveTime: (ms: number) => void;
  /** Last step: end the runner. */
  readonly kill: () => void;
}

/** Sees that one execution ends: at its deadline, when it is cancelled, and when it hangs. */
export interface Stopper {
  /** Why it was asked to end. */
  reason(): CodemodeError | undefined;
  /** Stands still for 10 minutes at most. */
  readonly clock: ProgramClock;
  /** The outcome is known; the guest has a moment to come to rest. */
  expectRest(): void;
  end(): void;
}

// Few programs run longer; those that do are asked again, ever more seldom.
const FIRST_QUESTION_MS = 100;
// What a guest gets to answer before it is killed. In between, the engine's own timeout ends loops.
const GRACE_MS = 250;
// Nobody who is asked takes longer and still means it.
const MAX_PAUSE_MS = 10 * 60_000;

/** Starts the clock. */
export function createStopper(options: StopperOptions): Stopper {
  const { timeoutMs, signal, onDeadline, onCancel, abort, kill } = options;
  let stopped: CodemodeError | undefined;
  let grace: NodeJS.Timeout | undefined;
  let ended = false;
  const clock = createProgramClock(options.startedAt, {
    onPause: () => restart(() => setTimeout(() => stop(onDeadline()), MAX_PAUSE_MS), MAX_PAUSE_MS),
    onResume: () => restart(() => watch(FIRST_QUESTION_MS), leftMs()),
  });
  const leftMs = (): number => Math.max(timeoutMs - clock.elapsedMs(), 0);

  const startGrace = (): void => {
    grace ??= setTimeout(kill, GRACE_MS);
  };
  const stop = (reason: CodemodeError): void => {
    if (grace) return;
    stopped = reason;
    abort(reason);
    startGrace();
  };
  const cancel = (): void => stop(onCancel());
  // One timer for both, since most programs need neither.
  const watch = (nextMs: number): NodeJS.Timeout => {
    const left = leftMs();
    if (left <= nextMs) return setTimeout(() => stop(onDeadline()), left);
    return setTimeout(() => {
      options.askWhetherStalled();
      deadline = watch(nextMs * 2);
    }, nextMs);
  };
  let deadline = watch(FIRST_QUESTION_MS);
  const restart = (arm: () => NodeJS.Timeout, ms: number): void => {
    if (ended) return;
    clearTimeout(deadline);
    deadline = arm();
    options.giveTime(ms);
  };
  signal?.addEventListener("abort", cancel, { once: true });

  return {
    reason: () => stopped,
    clock,
    expectRest() {
      // Rest mostly follows in the same breath: no timer for that.
      queueMicrotask(() => {
        if (!ended) startGrace();
      });
    },
    end() {
      ended = true;
      clearTimeout(deadline);
      clearTimeout(grace);
      signal?.removeEventListener("abort", cancel);
    },
  };
}
