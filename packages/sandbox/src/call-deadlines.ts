import type { CodemodeError } from "@codemode/core";

/** A call that may take until `due`, on the clock of `performance.now()`. */
interface TimedCall {
  readonly entry: { readonly name: string };
  readonly due: number;
  readonly stop: (reason: CodemodeError) => void;
}

/** Stops calls whose time is up. */
export interface CallDeadlines {
  /** To be called when a call has been added. */
  watch(): void;
  end(): void;
}

/** One timer for all calls: each has the same time, so the first to start is the first that is due. */
export function createCallDeadlines(
  running: ReadonlyMap<number, TimedCall>,
  lateError: (name: string) => CodemodeError,
): CallDeadlines {
  let timer: NodeJS.Timeout | undefined;

  const ring = (): void => {
    timer = undefined;
    const now = performance.now();
    for (const { entry, due, stop } of running.values()) {
      if (due > now) return arm(due - now);
      stop(lateError(entry.name));
    }
  };
  const arm = (delay: number): void => {
    timer = setTimeout(ring, Math.max(1, delay));
  };
  return {
    watch() {
      if (timer) return;
      const [first] = running.values();
      if (first) arm(first.due - performance.now());
    },
    end: () => clearTimeout(timer),
  };
}
