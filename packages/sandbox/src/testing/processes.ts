import { readdirSync, readFileSync } from "node:fs";

/** All that a process has started, and what those have started, on Linux. */
export function descendantsOf(parent: number): readonly number[] {
  const all = readdirSync("/proc").map(Number).filter(Boolean);
  const children = all.filter((pid) => statOf(pid)?.[1] === String(parent));
  return children.concat(children.flatMap(descendantsOf));
}

/** Whether a process still runs; one that has ended and was not asked how does not. */
export function isAlive(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat[0] !== "Z";
}

// Of one second there are so many in every Linux that Node runs on.
const TICKS = 100;

/** Processor time that a process has used so far, milliseconds; `undefined` where it has ended. */
export function processorMsOf(pid: number): number | undefined {
  if (!isAlive(pid)) return undefined;
  const stat = statOf(pid);
  return stat && ((Number(stat[11]) + Number(stat[12])) * 1_000) / TICKS;
}

/** From the state on, as in proc(5). */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It has ended between the listing and the look.
    return undefined;
  }
}
