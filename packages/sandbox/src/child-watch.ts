import type { ChildProcess } from "node:child_process";
import { constants, getPriority, setPriority } from "node:os";

import { computedMs, residentMb } from "./node-runner/process-usage.ts";

/** What is looked at while a child works. */
export interface ChildWatch {
  start(): void;
  rest(): void;
}

/** What a child may take. */
export interface ChildWatchOptions {
  /** Resident memory, MiB. */
  readonly maxResidentMb: number;
  /** It has taken more. */
  readonly onOver: () => void;
}

const POLL_MS = 20;
// Few programs compute for so long, and those that do can wait for the ones that do not.
const COMPUTED_MS = 500;
// Enough for others to come first at once; what is left is half the time that an equal would get.
const STEPS_BACK = 3;

/**
 * Looks at a child while it works: tells when it takes too much memory, and once its program has
 * computed for long lets others go before it. Only Linux tells; elsewhere nothing is seen.
 */
export function createChildWatch(
  child: ChildProcess,
  { maxResidentMb, onOver }: ChildWatchOptions,
): ChildWatch {
  let works = false;
  let polling: NodeJS.Timeout | undefined;
  let computedBefore: number | undefined;
  let standBack: Disposable | undefined;
  const stop = (): void => {
    clearInterval(polling);
    polling = undefined;
  };
  const poll = (): void => {
    // Not at each rest: the next program mostly follows at once.
    if (!works) return stop();
    const { pid } = child;
    if (pid === undefined) return;
    if (residentMb(pid) > maxResidentMb) return onOver();
    const computed = computedMs(pid) ?? 0;
    computedBefore ??= computed;
    if (computed - computedBefore > COMPUTED_MS) standBack ??= letOthersPass(pid);
  };
  return {
    start() {
      works = true;
      computedBefore = undefined;
      polling ??= setInterval(poll, POLL_MS).unref();
    },
    rest() {
      works = false;
      standBack?.[Symbol.dispose]();
      standBack = undefined;
    },
  };
}

/** Until it is disposed, and for good where only the system's owner may undo it. */
function letOthersPass(pid: number): Disposable {
  const lowest = constants.priority.PRIORITY_LOW;
  const before = tryPriority(() => getPriority(pid)) ?? lowest;
  const set = (priority: number): void => {
    tryPriority(() => setPriority(pid, priority));
  };
  set(Math.min(before + STEPS_BACK, lowest));
  return { [Symbol.dispose]: () => set(before) };
}

function tryPriority<T>(change: () => T): T | undefined {
  try {
    return change();
  } catch {
    // It has ended, or this user may not: then it stays as it is.
    return undefined;
  }
}
