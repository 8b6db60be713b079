// Stands alone: what supervises a container uses it too.
import { computedMs, residentMb } from "./process-usage.ts";

/** Looks at a guest between its programs. */
export interface RestWatch {
  /** A program begins. */
  work(): void;
  /** It has ended: from now on the guest has nothing to compute. */
  rest(): void;
}

// What a program's end leaves to do, garbage for example, is done by then.
const SETTLE_MS = 80;
const MAX_PAUSE_MS = 1_000;
// What a guest at rest may use: so much at once, and a hundredth of the time.
const BURST_MS = 60;
const SHARE = 0.01;
// Seconds after the last program the engine collects garbage: 1.5 to 1.9 ms a MiB of heap, measured.
const COLLECT_MS_PER_MB = 4;
const EMPTY_GUEST_MB = 110;

/**
 * Calls `onRestless` once a guest computes on that is at rest: timers of Node's own, endless ticks or
 * threads that a program has left behind. Linux alone tells; elsewhere nothing is seen.
 */
export function createRestWatch(pid: number | undefined, onRestless: () => void): RestWatch {
  let rested: { readonly since: number; readonly most: number } | undefined;
  let works = true;
  let timer: NodeJS.Timeout | undefined;
  const lookIn = (ms: number): void => {
    timer ??= setTimeout(look, ms).unref();
  };
  const look = (): void => {
    timer = undefined;
    if (works || pid === undefined) return;
    const computed = computedMs(pid);
    if (computed === undefined) return;
    rested ??= { since: performance.now(), most: computed + BURST_MS + collectMs(pid) };
    const elapsed = performance.now() - rested.since;
    if (computed > rested.most + elapsed * SHARE) onRestless();
    else lookIn(Math.min(Math.max(elapsed, SETTLE_MS), MAX_PAUSE_MS));
  };
  return {
    work() {
      works = true;
      rested = undefined;
    },
    // Programs that follow each other at once share one look.
    rest() {
      works = false;
      rested = undefined;
      lookIn(SETTLE_MS);
    },
  };
}

function collectMs(pid: number): number {
  return Math.max(residentMb(pid) - EMPTY_GUEST_MB, 0) * COLLECT_MS_PER_MB;
}
