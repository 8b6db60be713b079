import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { guardGroup } from "./group-guard.ts";

/** How a group is ended. */
export interface EndGroupOptions {
  /** What its processes get to end by themselves. Default 2 000. */
  readonly graceMs?: number;
}

const POLL_MS = 20;

/**
 * Ends a process and all that it started (on Windows, the process): asks first, then insists. The process
 * is the leader of its group, as `detached` makes it. Settles when the group is gone, or has got the signal
 * that cannot be ignored.
 */
export async function endGroup(
  child: ChildProcess,
  { graceMs = 2_000 }: EndGroupOptions = {},
): Promise<void> {
  signalGroup(child, "SIGTERM");
  const deadline = performance.now() + graceMs;
  while (isGroupAlive(child)) {
    if (performance.now() > deadline) {
      signalGroup(child, "SIGKILL");
      return;
    }
    // oxlint-disable-next-line no-await-in-loop -- nothing tells of the end of a process that is not our child
    await sleep(POLL_MS);
  }
}

/** Ends a process and all that it started, now. */
export function killGroup(child: ChildProcess): void {
  signalGroup(child, "SIGKILL");
}

/**
 * Sends `signal` to the group when this process exits without having closed it, and ends the group when it
 * is killed. Returns how to forget that.
 */
export function endGroupAtExit(
  child: ChildProcess,
  signal: "SIGTERM" | "SIGKILL" = "SIGTERM",
): () => void {
  if (groupsAtExit.size === 0) process.on("exit", endAll);
  groupsAtExit.set(child, signal);
  const release = guardGroup(child);
  return () => {
    release();
    groupsAtExit.delete(child);
    if (groupsAtExit.size === 0) process.off("exit", endAll);
  };
}

// One listener for all of them: a process has one end, and Node warns of more than ten listeners.
const groupsAtExit = new Map<ChildProcess, "SIGTERM" | "SIGKILL">();

function endAll(): void {
  for (const [child, signal] of groupsAtExit) signalGroup(child, signal);
}

function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function isGroupAlive(child: ChildProcess): boolean {
  if (child.pid === undefined) return false;
  if (process.platform === "win32") return child.exitCode === null && child.signalCode === null;
  try {
    return process.kill(-child.pid, 0);
  } catch {
    // No process of the group is left.
    return false;
  }
}
