import { CodemodeError } from "@codemode/core";

/** The places that runners have: each holds one from its start to its death. */
export interface RunnerPlaces {
  /** Takes a place where one is free and nobody waits for it. */
  tryTake(): boolean;
  /** Waits for a place, first come first served. Rejects with `SESSION_LIMIT` after the deadline. */
  take(): Promise<void>;
  give(): void;
  /** Rejects all who wait. */
  close(reason: CodemodeError): void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: CodemodeError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Counts `max` places, for which is waited `timeoutMs` at most. */
export function createRunnerPlaces(max: number, timeoutMs: number): RunnerPlaces {
  const waiters = new Set<Waiter>();
  let free = max;

  const tryTake = (): boolean => {
    if (free === 0) return false;
    free -= 1;
    return true;
  };
  return {
    tryTake,
    take() {
      if (tryTake()) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        reject(allTaken(max, timeoutMs));
      }, timeoutMs);
      const waiter: Waiter = { resolve, reject, timer };
      waiters.add(waiter);
      return promise;
    },
    give() {
      const [next] = waiters;
      if (!next) {
        free += 1;
        return;
      }
      waiters.delete(next);
      clearTimeout(next.timer);
      next.resolve();
    },
    close(reason) {
      for (const { reject, timer } of waiters) {
        clearTimeout(timer);
        reject(reason);
      }
      waiters.clear();
    },
  };
}

function allTaken(max: number, timeoutMs: number): CodemodeError {
  const all = max === 1 ? "The only sandbox is" : `All ${max} sandboxes are`;
  const message = `${all} in use, and none became free within ${timeoutMs} ms. Try again later, close a session, or raise pool.max_runners.`;
  return new CodemodeError("SESSION_LIMIT", message, { retryable: true });
}
