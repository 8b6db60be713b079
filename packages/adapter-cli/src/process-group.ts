import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

// What a command gets to clean up behind itself when it is stopped.
const TERM_MS = 1_000;
const POLL_MS = 20;

/** Stops a command and all that it started: asks first, insists after a second. */
export async function stopGroup(child: ChildProcess): Promise<void> {
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

/** Stops what a command has left running behind itself, at once. */
export function killGroup(child: ChildProcess): void {
  signalGroup(child, "SIGKILL");
}

/** Kills the group when this process exits before the command. Returns how to forget that. */
export function killGroupAtExit(child: ChildProcess): () => void {
  if (groupsAtExit.size === 0) process.on("exit", killAll);
  groupsAtExit.add(child);
  return () => {
    groupsAtExit.delete(child);
    if (groupsAtExit.size === 0) process.off("exit", killAll);
  };
}

// One listener for all of them: a process has one end, and Node warns of more than ten listeners.
const groupsAtExit = new Set<ChildProcess>();

function killAll(): void {
  for (const child of groupsAtExit) signalGroup(child, "SIGKILL");
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
