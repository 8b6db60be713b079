import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename } from "node:path";

import { unless } from "./system-code.ts";

/**
 * How long something may be left by a process that cannot be asked after: one of another container
 * or machine, or of before a restart. Locks are held for milliseconds.
 */
const ABANDONED_AFTER_MS = 10_000;

/**
 * A name that is never given twice and says which process made it, so that what a dead process
 * left behind is told from what a living one needs.
 */
export function createProcessToken(): string {
  const { pid } = process;
  return `${machineId()}.${pid}.${startTimeOf(pid) ?? "0"}.${randomBytes(8).toString("hex")}`;
}

/** Whether a file that bears a token belongs to no living process. */
export async function isAbandoned(path: string, afterMs = ABANDONED_AFTER_MS): Promise<boolean> {
  const state = ownerStateOf(basename(path));
  if (state !== undefined) return state === "dead";
  const stats = await unless(["ENOENT"], stat(path));
  return stats === undefined || Math.abs(Date.now() - stats.mtimeMs) > afterMs;
}

/** `undefined` where it cannot be known. */
function ownerStateOf(token: string): "alive" | "dead" | undefined {
  const match = /^([0-9a-f]{16})\.(\d{1,10})\.(\d{1,20})\.[0-9a-f]{16}$/u.exec(token);
  if (match === null) return undefined;
  const [, machine, pid, startTime] = match;
  if (machine !== machineId()) return undefined;
  if (!isRunning(Number(pid))) return "dead";
  // The number may have been given to another process since.
  const now = startTimeOf(Number(pid));
  return now === undefined || now === startTime ? "alive" : "dead";
}

/** Differs between machines, their restarts, and containers that see other processes. */
function machineId(): string {
  const parts = [hostname(), readText("/proc/sys/kernel/random/boot_id"), readNamespace()];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Only Linux has it.
    return undefined;
  }
}

function readNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    // Only Linux has it.
    return undefined;
  }
}

/** In ticks since the machine started; its field is the 20th after the name, which may hold anything. */
function startTimeOf(pid: number): string | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else may not be signalled, but runs.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
