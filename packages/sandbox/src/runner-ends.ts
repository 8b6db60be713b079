import type { ChannelExit } from "./sandbox-channel.ts";

/** Those who want to know of a runner's end, and how it ended. */
export interface RunnerEnds {
  /** Tells them, once. */
  readonly end: (exit: ChannelExit) => void;
  readonly exited: () => ChannelExit | undefined;
  /** The one who has to do with it now. */
  readonly onExit: (listener: (exit: ChannelExit) => void) => void;
  readonly onDeath: (listener: () => void) => void;
}

/** Whoever asks late is told at once. */
export function createRunnerEnds(): RunnerEnds {
  const deaths = new Set<() => void>();
  let onExit: ((exit: ChannelExit) => void) | undefined;
  let exited: ChannelExit | undefined;
  return {
    end(exit) {
      if (exited) return;
      exited = exit;
      onExit?.(exit);
      for (const listener of deaths) listener();
    },
    exited: () => exited,
    onExit(listener) {
      onExit = listener;
      if (exited) listener(exited);
    },
    onDeath(listener) {
      deaths.add(listener);
      if (exited) listener();
    },
  };
}
