import type { WakeFrame } from "./protocol.ts";
import { encodeWake } from "./protocol.ts";

/** Wakes the guest, which has no event loop of its own, when its first timer is due. */
export interface HostTimer {
  /** In place of what was asked for before. */
  start(frame: WakeFrame): void;
  clear(): void;
}

/** One timer, however many the guest has: what those cost is the guest's. */
export function createHostTimer(send: (frame: string) => void): HostTimer {
  let handle: NodeJS.Timeout | undefined;
  return {
    start({ wake, ms, times }) {
      clearTimeout(handle);
      const ring = (): void => send(Array(times).fill(encodeWake(wake)).join("\n"));
      if (ms === 0) ring();
      else handle = setTimeout(ring, ms);
    },
    clear() {
      clearTimeout(handle);
    },
  };
}
