import type { GuestRealm } from "./guest-realm.ts";
import type { GuestTimer, TimerQueue } from "./timer-queue.ts";

declare function createTimerQueue(): TimerQueue;
declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;

/**
 * Timers. The guest has no event loop of its own: the host wakes it when the first is due, and knows
 * of no other. Each wake fires one, so that what its callback queues has run before the next one's.
 * They end with their program.
 */
function installTimers(realm: GuestRealm): void {
  const MAX_TIMERS = 10_000;
  const queue = createTimerQueue();
  const clock = createTimerClock(realm, queue);
  let nextId = 1;
  const start = (repeat: boolean) => {
    return (callback: unknown, delay?: unknown, ...args: unknown[]): number => {
      if (typeof callback !== "function") throw new TypeError("A timer needs a function to call.");
      if (queue.count() >= MAX_TIMERS)
        throw new RangeError(`More than ${MAX_TIMERS} timers at once.`);
      const wanted = Number(delay);
      const ms = wanted >= 1 && wanted < 2 ** 31 ? Math.floor(wanted) : 1;
      const id = nextId;
      nextId += 1;
      queue.add({
        id,
        run: () => callback(...args),
        intervalMs: repeat ? ms : undefined,
        due: clock.now() + ms,
        before: undefined,
        after: undefined,
      });
      clock.askForWake();
      return id;
    };
  };
  const stop = (id: unknown): void => {
    if (typeof id === "number") queue.remove(id);
  };
  realm.fireTimers = (wake) => {
    const time = clock.wake(wake);
    const timer = queue.first();
    if (timer && timer.due <= time) {
      queue.remove(timer.id);
      if (timer.intervalMs !== undefined) {
        timer.due = time + timer.intervalMs;
        queue.add(timer);
      }
      runTimer(timer);
    }
    clock.askForWake();
  };
  // Async, so that what a callback throws is an unhandled rejection and stops no other timer.
  const runTimer = async (timer: GuestTimer): Promise<void> => {
    await timer.run();
  };
  realm.hasTimers = () => queue.count() > 0;
  realm.clearTimers = () => {
    queue.clear();
    clock.stop();
  };
  defineFunction(realm, "setTimeout", start(false));
  defineFunction(realm, "setInterval", start(true));
  defineFunction(realm, "clearTimeout", stop);
  defineFunction(realm, "clearInterval", (id: unknown): void => stop(id));
  installMicrotasks(realm);
}

/** A global that tells its name. */
function defineFunction(realm: GuestRealm, name: string, value: object): void {
  realm.define(value, "name", name);
  defineGlobal(realm, name, value);
}

/** The guest's time, and the one timer of the host. */
interface TimerClock {
  readonly now: () => number;
  /** Has the host wake the guest when the first timer is due, where it does not before. */
  readonly askForWake: () => void;
  /** The time at a wake; before all times where it was not asked for. */
  readonly wake: (wake: number) => number;
  readonly stop: () => void;
}

function createTimerClock(realm: GuestRealm, queue: TimerQueue): TimerClock {
  // More is no difference between two clocks: the system's has been set back.
  const MAX_EARLY_MS = 100;
  // What the host says next is heard after these.
  const MAX_WAKES = 100;
  let behindMs = 0;
  let lastWake = 0;
  let wakesLeft = 0;
  let wakeAt = Infinity;
  const now = (): number => realm.now() + behindMs;
  return {
    now,
    askForWake() {
      const { execution } = realm;
      const first = queue.first();
      if (!first || !execution || first.due >= wakeAt) return;
      const time = now();
      const isDue = first.due <= time;
      wakeAt = isDue ? -Infinity : first.due;
      wakesLeft = isDue ? queue.countDue(time, MAX_WAKES) : 1;
      lastWake += 1;
      const ms = isDue ? 0 : first.due - time;
      realm.write(
        `S{"id":${realm.quote(execution.id)},"wake":${lastWake},"ms":${ms},"times":${wakesLeft}}`,
      );
    },
    wake(wake) {
      if (wake !== lastWake || wakesLeft === 0) return -Infinity;
      const early = wakeAt - now();
      if (early > MAX_EARLY_MS) behindMs += early;
      const time = early > 0 ? wakeAt : now();
      wakesLeft -= 1;
      if (wakesLeft === 0) wakeAt = Infinity;
      return time;
    },
    stop() {
      wakeAt = Infinity;
      wakesLeft = 0;
    },
  };
}

/** Async, so that what a callback throws is an unhandled rejection here too. */
function installMicrotasks(realm: GuestRealm): void {
  const runLater = async (callback: () => unknown): Promise<void> => {
    await null;
    callback();
  };
  defineFunction(realm, "queueMicrotask", (callback: unknown): void => {
    if (typeof callback !== "function") throw new TypeError("queueMicrotask needs a function.");
    runLater(callback as () => unknown);
  });
}

export const timerFunctions = [installTimers, defineFunction, createTimerClock, installMicrotasks];
