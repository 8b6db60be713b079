import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

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
    const computed = computedMs(pid);
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

/** Resident memory of a process in MiB; 0 where the system does not say. */
export function residentMb(pid: number): number {
  const pages = Number(readProcess(pid, "statm")?.split(" ")[1] ?? 0);
  return (pages * 4096) / (1024 * 1024);
}

/** Processor time of a process, in steps of 10 ms; 0 where the system does not say. */
function computedMs(pid: number): number {
  const text = readProcess(pid, "stat") ?? "";
  // After the name, which may hold anything: fields 14 and 15 of proc(5), in hundredths of a second.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

function readProcess(pid: number, file: "stat" | "statm"): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // The process has ended; its exit is on the way.
    return undefined;
  }
}
