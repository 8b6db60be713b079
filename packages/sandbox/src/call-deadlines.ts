/** Stops calls whose time is up. */
export interface CallDeadlines {
  start(callId: number, onDeadline: () => void): void;
  clear(callId: number): void;
  clearAll(): void;
}

/** One timer for all calls: each has `ms`, so the first to start is the first whose time is up. */
export function createCallDeadlines(ms: number): CallDeadlines {
  const calls = new Map<number, { readonly due: number; readonly onDeadline: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  const arm = (delay: number): void => {
    timer = setTimeout(ring, Math.max(1, delay));
  };
  const ring = (): void => {
    timer = undefined;
    const now = performance.now();
    for (const [callId, { due, onDeadline }] of calls) {
      if (due > now) {
        arm(due - now);
        break;
      }
      calls.delete(callId);
      onDeadline();
    }
  };
  return {
    start(callId, onDeadline) {
      calls.set(callId, { due: performance.now() + ms, onDeadline });
      if (!timer) arm(ms);
    },
    clear: (callId) => void calls.delete(callId),
    clearAll() {
      calls.clear();
      clearTimeout(timer);
    },
  };
}
