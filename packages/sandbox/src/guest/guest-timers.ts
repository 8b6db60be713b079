import type { GuestRealm } from "./guest-realm.ts";

declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;

interface GuestTimer {
  readonly run: () => unknown;
  readonly intervalMs: number | undefined;
}

/** Timers, kept by the host: the guest has no event loop of its own. They end with their program. */
function installTimers(realm: GuestRealm): void {
  const MAX_TIMERS = 10_000;
  let timers: Record<number, GuestTimer> = { __proto__: null } as never;
  let count = 0;
  let nextId = 1;
  const arm = (id: number, delayMs: number): void => {
    const { execution } = realm;
    if (execution)
      realm.write(`S{"id":${realm.quote(execution.id)},"timer":${id},"ms":${delayMs}}`);
  };
  const start = (repeat: boolean) => {
    return (callback: unknown, delay?: unknown, ...args: unknown[]): number => {
      if (typeof callback !== "function") throw new TypeError("A timer needs a function to call.");
      if (count >= MAX_TIMERS) throw new RangeError(`More than ${MAX_TIMERS} timers at once.`);
      const wanted = Number(delay);
      const ms = wanted > 0 && wanted < 2 ** 31 ? Math.floor(wanted) : 0;
      const id = nextId;
      nextId += 1;
      count += 1;
      timers[id] = {
        run: () => callback(...args),
        intervalMs: repeat ? Math.max(ms, 1) : undefined,
      };
      arm(id, repeat ? Math.max(ms, 1) : ms);
      return id;
    };
  };
  const stop = (id: unknown): void => {
    if (typeof id !== "number" || !timers[id]) return;
    delete timers[id];
    count -= 1;
  };
  realm.fireTimers = (ids) => {
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] ?? 0;
      const timer = timers[id];
      if (!timer) continue;
      if (timer.intervalMs === undefined) stop(id);
      else arm(id, timer.intervalMs);
      runTimer(timer);
    }
  };
  // Async, so that what a callback throws is an unhandled rejection and stops no other timer.
  const runTimer = async (timer: GuestTimer): Promise<void> => {
    await timer.run();
  };
  realm.hasTimers = () => count > 0;
  realm.clearTimers = () => {
    timers = { __proto__: null } as never;
    count = 0;
  };
  defineGlobal(realm, "setTimeout", start(false));
  defineGlobal(realm, "setInterval", start(true));
  defineGlobal(realm, "clearTimeout", stop);
  defineGlobal(realm, "clearInterval", stop);
  installMicrotasks(realm);
}

/** Async, so that what a callback throws is an unhandled rejection here too. */
function installMicrotasks(realm: GuestRealm): void {
  const runLater = async (callback: () => unknown): Promise<void> => {
    await null;
    callback();
  };
  defineGlobal(realm, "queueMicrotask", (callback: unknown): void => {
    if (typeof callback !== "function") throw new TypeError("queueMicrotask needs a function.");
    runLater(callback as () => unknown);
  });
}

export const timerFunctions = [installTimers, installMicrotasks];
