import type { StartedChannel } from "./start-guest.ts";

/** Runners that have started or are on their way, and belong to nobody. */
export interface RunnerSet {
  readonly size: number;
  add(started: Promise<StartedChannel>): void;
  /** Takes one out: a started one where there is one. */
  take(): StartedChannel | Promise<StartedChannel> | undefined;
  /** Ends those that `isOver` says so of, by their age, `most` at most; one on its way ends when it has started. */
  end(isOver: (ageMs: number) => boolean, most?: number): void;
  /** Settles when all have started. Rejects as the first that does not. */
  started(): Promise<void>;
}

interface Waiting {
  readonly started: Promise<StartedChannel>;
  readonly since: number;
  channel: StartedChannel | undefined;
}

/** `onGone` hears of each that dies or does not start while it is in here. */
export function createRunnerSet(onGone: () => void): RunnerSet {
  const runners = new Set<Waiting>();

  const settle = async (runner: Waiting): Promise<void> => {
    const gone = (): void => {
      if (runners.delete(runner)) onGone();
    };
    try {
      runner.channel = await runner.started;
      runner.channel.onDeath(gone);
    } catch {
      // Whoever opens a session starts one and sees why it fails.
      gone();
    }
  };
  return {
    get size() {
      return runners.size;
    },
    add(started) {
      const runner: Waiting = { started, since: performance.now(), channel: undefined };
      runners.add(runner);
      void settle(runner);
    },
    take() {
      const [oldest] = runners;
      const runner = runners.values().find(({ channel }) => channel) ?? oldest;
      if (!runner) return undefined;
      runners.delete(runner);
      return runner.channel ?? runner.started;
    },
    end(isOver, most = runners.size) {
      const now = performance.now();
      const ended = [...runners].filter(({ since }) => isOver(now - since)).slice(0, most);
      for (const runner of ended) {
        runners.delete(runner);
        void kill(runner);
      }
    },
    async started() {
      await Promise.all([...runners].map(({ started }) => started));
    },
  };
}

async function kill({ channel, started }: Waiting): Promise<void> {
  try {
    (channel ?? (await started)).kill();
  } catch {
    // One that did not start needs no end.
  }
}
