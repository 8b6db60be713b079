import type { CodemodeError } from "@codemode/core";

/** What a stopper acts on. */
export interface StopperOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Asks the guest, now and then, whether anything can still happen. */
  readonly askWhetherStalled: () => void;
  readonly onDeadline: () => CodemodeError;
  readonly onCancel: () => CodemodeError;
  /** First step: ask the guest to end. Its variables live on. */
  readonly abort: (reason: CodemodeError) => void;
  /** Last step: end the runner. */
  readonly kill: () => void;
}

/** Sees that one execution ends: at its deadline, when it is cancelled, and when it hangs. */
export interface Stopper {
  /** Why it was asked to end. */
  reason(): CodemodeError | undefined;
  /** Whether the runner is on its way out: what it still says ends nothing. */
  isKilled(): boolean;
  /** The outcome is known; the guest has a moment to come to rest. */
  expectRest(): void;
  end(): void;
}

// Few programs run longer; those that do are asked again, ever more seldom.
const FIRST_QUESTION_MS = 100;
// What a guest gets to answer before it is killed. In between, the engine's own timeout ends loops.
const GRACE_MS = 250;
// What the system gets to report the end of a killed runner.
const END_MS = 10_000;

/** Starts the clock. */
export function createStopper(options: StopperOptions): Stopper {
  const { timeoutMs, signal, onDeadline, onCancel, abort, kill } = options;
  const start = performance.now();
  let stopped: CodemodeError | undefined;
  let killed = false;
  let grace: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;

  const startGrace = (): void => {
    grace ??= setTimeout(() => {
      killed = true;
      kill();
      // Channels do not keep the process alive; an execution whose end is awaited does.
      grace = setTimeout(() => undefined, END_MS);
    }, GRACE_MS);
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
    const leftMs = Math.max(timeoutMs - (performance.now() - start), 0);
    if (leftMs <= nextMs) return setTimeout(() => stop(onDeadline()), leftMs);
    return setTimeout(() => {
      options.askWhetherStalled();
      deadline = watch(nextMs * 2);
    }, nextMs);
  };
  let deadline = watch(FIRST_QUESTION_MS);
  signal?.addEventListener("abort", cancel, { once: true });

  return {
    reason: () => stopped,
    isKilled: () => killed,
    expectRest() {
      // Rest mostly follows in the same breath: no timer for that.
      turn ??= setImmediate(startGrace);
    },
    end() {
      clearImmediate(turn);
      clearTimeout(deadline);
      clearTimeout(grace);
      signal?.removeEventListener("abort", cancel);
    },
  };
}
