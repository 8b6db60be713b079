import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

// What a process gets to end by itself when it is asked to.
const TERM_MS = 2_000;
const POLL_MS = 20;

/**
 * Ends a process and all that it started: asks first, insists after two seconds. Settles when the
 * group is gone, or has got the signal that cannot be ignored.
 */
export async function endGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, "SIGTERM");
  const deadline = performance.now() + TERM_MS;
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

/** Asks the group to end when this process exits without having closed it. Returns how to forget that. */
export function endGroupAtExit(child: ChildProcess): () => void {
  if (groupsAtExit.size === 0) process.on("exit", endAll);
  groupsAtExit.add(child);
  return () => {
    groupsAtExit.delete(child);
    if (groupsAtExit.size === 0) process.off("exit", endAll);
  };
}

// One listener for all of them: a process has one end, and Node warns of more than ten listeners.
const groupsAtExit = new Set<ChildProcess>();

function endAll(): void {
  for (const child of groupsAtExit) signalGroup(child, "SIGTERM");
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
