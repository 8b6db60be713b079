import { CodemodeError } from "@codemode/core";

/** Where executions wait for a guest to be closed or idle. */
export interface Room {
  /** Rejects with `SESSION_LIMIT` when none was offered in time, with `CANCELLED` when nobody wants it any more. */
  wait(signal?: AbortSignal): Promise<void>;
  /** Lets the first who waits look whether there is room. */
  offer(): void;
}

/** Room for so many guests; each wait has so long. */
export function createRoom(maxGuests: number, timeoutMs: number): Room {
  const waiters = new Set<(offered: boolean) => void>();
  return {
    async wait(signal) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const giveUp = (): void => resolve(false);
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener("abort", giveUp, { once: true });
      if (signal?.aborted) giveUp();
      waiters.add(resolve);
      const offered = await promise;
      waiters.delete(resolve);
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
      if (!offered) throw signal?.aborted ? cancelled() : noRoom(maxGuests, timeoutMs);
    },
    offer() {
      const [first] = waiters;
      if (!first) return;
      waiters.delete(first);
      first(true);
    },
  };
}

function cancelled(): CodemodeError {
  return new CodemodeError("CANCELLED", "The execution was cancelled by its caller.");
}

function noRoom(maxGuests: number, waitMs: number): CodemodeError {
  const all = maxGuests === 1 ? "The only session is" : `All ${maxGuests} sessions are`;
  const message = `${all} running a program, and none ended one within ${waitMs} ms. Try again later, or raise pool.max_runners.`;
  return new CodemodeError("SESSION_LIMIT", message, { retryable: true });
}
