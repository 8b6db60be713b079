import type { StartedChannel, StartOptions } from "./start-guest.ts";
import { startGuest } from "./start-guest.ts";

/** Started runners that wait for a session. */
export interface RunnerPool {
  /** A waiting runner, or a new one. Rejects with `SANDBOX_UNAVAILABLE`. */
  claim(memoryMb: number): Promise<StartedChannel>;
  /** Keeps `count` waiting from now on; settles when they have started. */
  resize(count: number): Promise<void>;
  close(): Promise<void>;
}

const REFILL_MS = 20;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/** Starts runners ahead of need, all with one memory limit; after a failure it waits longer each time. */
export function createRunnerPool(options: StartOptions, defaultMemoryMb: number): RunnerPool {
  const waiting = new Set<Promise<StartedChannel>>();
  let wanted = 0;
  let retryMs = FIRST_RETRY_MS;

  const add = async (): Promise<void> => {
    const started = startGuest(options, defaultMemoryMb);
    waiting.add(started);
    try {
      const channel = await started;
      retryMs = FIRST_RETRY_MS;
      // One that dies while it waits is replaced.
      channel.onDeath(() => void (waiting.delete(started) && refill()));
    } catch {
      // Whoever claims a runner starts one and sees why it fails.
      waiting.delete(started);
      setTimeout(refill, retryMs).unref();
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  };
  const refill = (): void => {
    for (let missing = wanted - waiting.size; missing > 0; missing -= 1) void add();
  };
  return {
    async claim(memoryMb) {
      const [ready] = memoryMb === defaultMemoryMb ? waiting : [];
      if (!ready) return startGuest(options, memoryMb);
      waiting.delete(ready);
      // Starting a process blocks for milliseconds: not before the one who waits has been served.
      setTimeout(refill, REFILL_MS).unref();
      return ready.catch(() => startGuest(options, memoryMb));
    },
    async resize(count) {
      wanted = count;
      refill();
      await Promise.all(waiting);
    },
    async close() {
      wanted = 0;
      const started = await Promise.allSettled(waiting);
      for (const runner of started) if (runner.status === "fulfilled") runner.value.kill();
      waiting.clear();
    },
  };
}
