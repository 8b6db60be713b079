import { CodemodeError, isCodemodeError } from "@codemode/core";

/** Keeps runners that cannot start from being started again and again. */
export interface StartBreaker {
  /** Throws `SANDBOX_UNAVAILABLE` with the last cause while no start may be tried. */
  assertClosed(): void;
  /** Whether a start that nobody asked for may be tried. */
  isClosed(): boolean;
  /** How long a start that nobody asked for should be put off. */
  retryMs(): number;
  succeeded(): void;
  failed(error: unknown): void;
}

const MAX_FAILURES = 3;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 60_000;

/** After three failures in a row starts are refused for a while, twice as long each time. */
export function createStartBreaker(now: () => number = () => performance.now()): StartBreaker {
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let refusedUntil = 0;
  let last: unknown;

  return {
    assertClosed() {
      if (failures < MAX_FAILURES) return;
      const leftMs = refusedUntil - now();
      if (leftMs > 0) throw refused(last, failures, leftMs);
      // One tries; the others hear of it when it has succeeded.
      refusedUntil = now() + pauseMs;
    },
    isClosed: () => failures === 0 || refusedUntil <= now(),
    retryMs: () => Math.max(FIRST_PAUSE_MS, refusedUntil - now()),
    succeeded() {
      failures = 0;
      pauseMs = FIRST_PAUSE_MS;
      refusedUntil = 0;
    },
    failed(error) {
      last = error;
      failures += 1;
      refusedUntil = now() + pauseMs;
      pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
    },
  };
}

function refused(cause: unknown, failures: number, leftMs: number): CodemodeError {
  const why = isCodemodeError(cause) ? cause.message : "The sandbox cannot start.";
  const message = `${why} It failed ${failures} times in a row and is tried again in ${Math.ceil(leftMs / 1_000)} s.`;
  return new CodemodeError("SANDBOX_UNAVAILABLE", message, { cause, retryable: true });
}
