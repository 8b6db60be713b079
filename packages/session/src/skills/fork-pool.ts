import type { SandboxSession } from "@codemode/sandbox";

import type { ForkGuests } from "./fork-guests.ts";

/** A guest for one call of a skill, until it is given back. */
interface ForkLease extends Disposable {
  readonly guest: SandboxSession;
}

/** The guests in which skills of one execution run. */
export interface ForkPool {
  /**
   * A guest that ran the same skill for the same callers (`key`) and is idle, or a new one. `depth`:
   * how many skills stand behind each other.
   */
  acquire(key: string, depth: number, signal: AbortSignal): Promise<ForkLease>;
  close(): Promise<void>;
}

/** At once, for each depth: a skill never waits for one that waits for it. */
const MAX_GUESTS = 4;

interface IdleGuest {
  readonly key: string;
  readonly guest: SandboxSession;
}

interface Level {
  alive: number;
  idle: IdleGuest[];
  readonly waiting: Set<() => void>;
}

/** Opens guests for skills, and closes them with their execution. */
export function createForkPool(guests: ForkGuests): ForkPool {
  const levels = new Map<number, Level>();
  const opened = new Set<SandboxSession>();
  const levelOf = (depth: number): Level => {
    const level = levels.get(depth) ?? { alive: 0, idle: [], waiting: new Set() };
    levels.set(depth, level);
    return level;
  };
  const close = async (level: Level, guest: SandboxSession): Promise<void> => {
    level.alive -= 1;
    opened.delete(guest);
    await guests.close(guest);
  };
  const open = async (level: Level, signal: AbortSignal): Promise<SandboxSession> => {
    level.alive += 1;
    try {
      const guest = await guests.open(signal);
      opened.add(guest);
      return guest;
    } catch (error) {
      level.alive -= 1;
      wakeNext(level);
      throw error;
    }
  };
  const release = async (level: Level, used: IdleGuest): Promise<void> => {
    if (used.guest.state === "ready") level.idle.push(used);
    else await close(level, used.guest);
    wakeNext(level);
  };
  const find = async (level: Level, key: string, signal: AbortSignal): Promise<SandboxSession> => {
    for (;;) {
      const index = level.idle.findIndex((one) => one.key === key);
      const [found] = index < 0 ? [] : level.idle.splice(index, 1);
      if (found) return found.guest;
      if (level.alive < MAX_GUESTS) return open(level, signal);
      const other = level.idle.shift();
      // oxlint-disable-next-line no-await-in-loop -- until there is room
      await (other ? close(level, other.guest) : waitForRoom(level, signal));
    }
  };
  return {
    async acquire(key, depth, signal) {
      const level = levelOf(depth);
      const guest = await find(level, key, signal);
      return { guest, [Symbol.dispose]: () => void release(level, { key, guest }) };
    },
    async close() {
      await Promise.all(Array.from(opened, (guest) => guests.close(guest)));
    },
  };
}

function wakeNext({ waiting }: Level): void {
  const [first] = waiting;
  if (!first) return;
  waiting.delete(first);
  first();
}

async function waitForRoom({ waiting }: Level, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.add(resolve);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  waiting.delete(resolve);
  signal.throwIfAborted();
}
