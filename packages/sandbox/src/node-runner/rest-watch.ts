// Stands alone: the supervisor of a container uses it too.
import { readFileSync } from "node:fs";

/** Looks at a guest between its programs. */
export interface RestWatch {
  /** A program begins. */
  work(): void;
  /** It has ended: from now on the guest has nothing to compute. */
  rest(): void;
}

// What a program's end leaves to do, garbage for example, is done by then.
const SETTLE_MS = 100;
const MAX_PAUSE_MS = 1_000;
// What a guest at rest may use: so much at once, and a hundredth of the time.
const BURST_MS = 75;
const SHARE = 0.01;

/**
 * Calls `onRestless` once a guest computes on that is at rest: timers of Node's own, endless ticks or
 * threads that a program has left behind. Linux alone tells; elsewhere nothing is seen.
 */
export function createRestWatch(pid: number | undefined, onRestless: () => void): RestWatch {
  let rested: { readonly since: number; readonly computed: number } | undefined;
  let works = true;
  let timer: NodeJS.Timeout | undefined;
  const lookIn = (ms: number): void => {
    timer ??= setTimeout(look, ms).unref();
  };
  const look = (): void => {
    timer = undefined;
    const computed = pid === undefined ? undefined : computedMs(pid);
    if (works || computed === undefined) return;
    rested ??= { since: performance.now(), computed };
    const elapsed = performance.now() - rested.since;
    if (computed - rested.computed > BURST_MS + elapsed * SHARE) onRestless();
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

/** Processor time of a process, in steps of 10 ms; `undefined` where the system does not say. */
function computedMs(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold anything: fields 14 and 15 of proc(5), in hundredths of a second.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    // It has ended; its exit is on the way.
    return undefined;
  }
}
