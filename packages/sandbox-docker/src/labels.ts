import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

import { SUPERVISOR_PROTOCOL } from "./container/settings.ts";

/** Marks what is ours; nothing without it is ever touched. */
export const MANAGED_LABEL = "io.codemode.managed";
/** Which process a container belongs to. */
export const OWNER_LABEL = "io.codemode.owner";
/** When a container is nobody's any more, in milliseconds since the epoch. */
export const EXPIRES_LABEL = "io.codemode.expires";
/** Which protocol an image speaks. */
export const PROTOCOL_LABEL = "io.codemode.protocol";
/** The file of an image that a container runs. */
export const ENTRY_LABEL = "io.codemode.entry";
const INSTANCE_LABEL = "io.codemode.instance";

/** A process that made containers, as a label tells it. */
export interface Owner {
  /** The system whose process ids these are. */
  readonly machine: string;
  readonly pid: number;
  /** When the process started: an id is used again, both together are not. */
  readonly started: string;
}

/** The labels of one sandbox's containers; `expiresAt` in seconds. */
export function containerLabels(instance: string, expiresAt: number): Record<string, string> {
  const { machine, pid, started } = ownProcess();
  return {
    [MANAGED_LABEL]: "1",
    [INSTANCE_LABEL]: instance,
    [OWNER_LABEL]: `${machine}:${pid}:${started}`,
    [EXPIRES_LABEL]: String(Math.ceil(expiresAt)),
    [PROTOCOL_LABEL]: String(SUPERVISOR_PROTOCOL),
  };
}

/** Tells one sandbox's containers from another's. */
export function createInstanceId(): string {
  return randomUUID();
}

/** `undefined` for a label that no process of ours wrote. */
export function parseOwner(label: string | undefined): Owner | undefined {
  const [machine, pid, started, ...rest] = label?.split(":") ?? [];
  if (!machine || !/^\d+$/.test(pid ?? "") || started === undefined || rest.length > 0)
    return undefined;
  return { machine, pid: Number(pid), started };
}

/** Whether an owner is known to have ended. One of another machine is not ours to judge. */
export function isDead(owner: Owner): boolean {
  if (owner.machine !== machineName()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // Without permission there is still a process.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  return startTime(owner.pid) !== owner.started;
}

function ownProcess(): Owner {
  return { machine: machineName(), pid: process.pid, started: startTime(process.pid) };
}

/** On Linux, one start of the system and one space of process ids: containers have their own. */
function machineName(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${/\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? ""}`;
  } catch {
    // Only Linux has both.
    return hostname().replaceAll(":", "-");
  }
}

/** In ticks since the system started; empty where the system does not say. */
function startTime(pid: number): string {
  try {
    // The name may have spaces and parentheses: what counts comes after the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    // Only Linux has it, and only for a process that runs.
    return "";
  }
}
