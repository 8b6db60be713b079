/** A timer of the guest, chained in the order in which they are due. */
export interface GuestTimer {
  readonly id: number;
  readonly run: () => unknown;
  readonly intervalMs: number | undefined;
  /** On the guest's clock, milliseconds. */
  due: number;
  before: GuestTimer | undefined;
  after: GuestTimer | undefined;
}

/** The timers that run. */
export interface TimerQueue {
  readonly count: () => number;
  readonly first: () => GuestTimer | undefined;
  /** How many are due by then, counted up to `most`. */
  readonly countDue: (time: number, most: number) => number;
  add(timer: GuestTimer): void;
  remove(id: number): void;
  clear(): void;
}

/** A chain, since no program can catch its members: they are objects' own. */
function createTimerQueue(): TimerQueue {
  let timers: Record<number, GuestTimer> = { __proto__: null } as never;
  let count = 0;
  let first: GuestTimer | undefined;
  let last: GuestTimer | undefined;
  return {
    count: () => count,
    first: () => first,
    countDue(time, most) {
      let due = 0;
      for (let timer = first; timer && timer.due <= time && due < most; timer = timer.after)
        due += 1;
      return due;
    },
    add(timer) {
      // From the end: mostly those that start later are due later.
      let before = last;
      while (before && before.due > timer.due) before = before.before;
      const after = before ? before.after : first;
      timer.before = before;
      timer.after = after;
      if (before) before.after = timer;
      else first = timer;
      if (after) after.before = timer;
      else last = timer;
      timers[timer.id] = timer;
      count += 1;
    },
    remove(id) {
      const timer = timers[id];
      if (!timer) return;
      const { before, after } = timer;
      if (before) before.after = after;
      else first = after;
      if (after) after.before = before;
      else last = before;
      delete timers[id];
      count -= 1;
    },
    clear() {
      timers = { __proto__: null } as never;
      count = 0;
      first = undefined;
      last = undefined;
    },
  };
}

export const timerQueueFunctions = [createTimerQueue];
