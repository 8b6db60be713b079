import type { PauseHooks } from "@codemode/core";
import { createPauses } from "@codemode/core";

/** How long a program has run; while somebody is asked something, it does not run. */
export interface ProgramClock {
  elapsedMs(): number;
  /** Stops the clock until what it gives is called. */
  readonly pause: () => () => void;
}

/** A clock that began at `startedAt`, on that of `performance.now()`. */
export function createProgramClock(
  startedAt: number,
  { onPause, onResume }: PauseHooks,
): ProgramClock {
  // Moved on by every pause.
  let start = startedAt;
  let pausedAt: number | undefined;
  return {
    elapsedMs: () => (pausedAt ?? performance.now()) - start,
    pause: createPauses({
      onPause() {
        pausedAt = performance.now();
        onPause();
      },
      onResume() {
        start += performance.now() - (pausedAt ?? performance.now());
        pausedAt = undefined;
        onResume();
      },
    }),
  };
}
