import type { CallFrameEntry, CallsFrame } from "./protocol.ts";

/** Calls that wait their turn, as many and as large as a host can bear. */
export interface CallQueue {
  /** Gives back those that there is no room for. */
  add(frame: Pick<CallsFrame, "calls" | "length">): readonly CallFrameEntry[];
  take(): CallFrameEntry | undefined;
  readonly names: () => readonly string[];
  isEmpty(): boolean;
}

/** Far above what a program needs, far below what a host would feel. */
export const MAX_WAITING = 50_000;
// Of arguments, in UTF-16 units.
const MAX_WAITING_LENGTH = 16 * 1024 * 1024;

interface WaitingCall {
  readonly entry: CallFrameEntry;
  /** Its part of the frame it came in. */
  readonly length: number;
}

/** First in, first out. */
export function createCallQueue(): CallQueue {
  const waiting: WaitingCall[] = [];
  let first = 0;
  let waitingLength = 0;
  return {
    add({ calls, length: total }) {
      const length = total / calls.length;
      return calls.filter((entry) => {
        // One that waits behind nobody has room, however large it is.
        const full = first < waiting.length && waitingLength + length > MAX_WAITING_LENGTH;
        if (full || waiting.length - first >= MAX_WAITING) return true;
        waiting.push({ entry, length });
        waitingLength += length;
        return false;
      });
    },
    take() {
      const next = waiting[first];
      if (!next) return undefined;
      first += 1;
      waitingLength -= next.length;
      // Those that have been taken are let go of.
      if (first > 1_000 || first === waiting.length) first -= waiting.splice(0, first).length;
      return next.entry;
    },
    isEmpty: () => first === waiting.length,
    names: () => waiting.slice(first).map(({ entry }) => entry.name),
  };
}
