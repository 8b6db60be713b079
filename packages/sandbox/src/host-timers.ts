import { encodeTimers } from "./protocol.ts";

/** The guest's timers: it has no event loop of its own. */
export interface HostTimers {
  /** `false` where there are more than an intact guest starts. */
  start(id: number, ms: number): boolean;
  clear(): void;
}

// The guest stops at 10,000.
const MAX_TIMERS = 20_000;

/** Timers that send a frame when they fire. */
export function createHostTimers(send: (frame: string) => void): HostTimers {
  const handles = new Set<NodeJS.Timeout>();
  return {
    start(id, ms) {
      if (handles.size >= MAX_TIMERS) return false;
      const handle = setTimeout(() => {
        handles.delete(handle);
        send(encodeTimers([id]));
      }, ms);
      handles.add(handle);
      return true;
    },
    clear() {
      for (const handle of handles) clearTimeout(handle);
      handles.clear();
    },
  };
}
