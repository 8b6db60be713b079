/** The time that a call has. It does not run while somebody is asked something. */
export interface CallDeadline {
  /** Aborted when the time is up, and with the signal that the call came with. */
  readonly signal: AbortSignal;
  /** Stops the clock until what it gives is called. */
  readonly pause: () => () => void;
  readonly end: () => void;
}

/** Starts the clock. The reason of its end reads as a timeout to either generation of the SDK. */
export function createCallDeadline(ms: number, outer: AbortSignal): CallDeadline {
  const controller = new AbortController();
  let leftMs = ms;
  let startedAt = 0;
  let pauses = 0;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    startedAt = performance.now();
    timer = setTimeout(() => controller.abort(new Error("Request timed out")), leftMs);
  };
  run();
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    pause() {
      if (pauses === 0) {
        clearTimeout(timer);
        leftMs = Math.max(0, leftMs - (performance.now() - startedAt));
      }
      pauses += 1;
      let isPaused = true;
      return () => {
        if (!isPaused) return;
        isPaused = false;
        pauses -= 1;
        if (pauses === 0) run();
      };
    },
    end() {
      // Whoever is still asked does not start it again.
      pauses += 1;
      clearTimeout(timer);
    },
  };
}
