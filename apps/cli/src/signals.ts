import { constants } from "node:os";

/**
 * A signal that no command listens for ends the process in order, so that the servers it started
 * end with it.
 */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // oxlint-disable-next-line unicorn/no-process-exit -- whatever still runs is not waited for
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}
