import { createPauses } from "./pauses.ts";

/** The time that a call has. It does not run while somebody is asked something. */
export interface CallDeadline {
  /** Aborted when the time is up, and with the signal that the call came with. */
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  readonly isUp: () => boolean;
  /** Stops the clock until what it gives is called. */
  readonly pause: () => () => void;
  readonly end: () => void;
}

/** Starts the clock. `outer` may be absent. The reason of its end reads as a timeout to either generation of the SDK. */
export function createCallDeadline(ms: number, outer?: AbortSignal): CallDeadline {
  const controller = new AbortController();
  let leftMs = ms;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    startedAt = performance.now();
    timer = setTimeout(() => controller.abort(new Error("Request timed out")), leftMs);
  };
  const pause = createPauses({
    onPause() {
      clearTimeout(timer);
      leftMs = Math.max(0, leftMs - (performance.now() - startedAt));
    },
    onResume: run,
  });
  run();
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    isUp: () => controller.signal.aborted,
    pause,
    // Held up for good: whoever is still asked does not start it again.
    end: () => void pause(),
  };
}
