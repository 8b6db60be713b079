import type { CodemodeError } from "@codemode/core";

import type { CallFrameEntry } from "./protocol.ts";

/** A call that has until `due`. */
export interface TimedCall {
  readonly entry: CallFrameEntry;
  /** On the clock of `performance.now()`. */
  due: number;
  /** Whether or not it heeds its signal, it ends now. */
  readonly stop: (reason: CodemodeError) => void;
}

/** Stops calls whose time is up. */
export interface CallDeadlines {
  /** To be called when a call has been added, or has another `due`. */
  watch(due: number): void;
  end(): void;
}

/** One timer for all calls. */
export function createCallDeadlines(
  running: ReadonlyMap<number, TimedCall>,
  lateError: (name: string) => CodemodeError,
): CallDeadlines {
  let timer: NodeJS.Timeout | undefined;
  let ringsAt = Infinity;
  let ended = false;

  const ring = (): void => {
    const now = performance.now();
    let next = Infinity;
    for (const { entry, due, stop } of running.values()) {
      if (due <= now) stop(lateError(entry.name));
      else if (due < next) next = due;
    }
    ringsAt = Infinity;
    watch(next);
  };
  const watch = (due: number): void => {
    // Mostly a call that was added later is due later.
    if (due >= ringsAt || ended) return;
    ringsAt = due;
    clearTimeout(timer);
    timer = setTimeout(ring, Math.max(1, due - performance.now()));
  };
  return {
    watch,
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
