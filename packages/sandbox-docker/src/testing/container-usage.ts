import { readFileSync } from "node:fs";

import Docker from "dockerode";

import { parseDockerHost } from "../connection.ts";
import { withDeadline } from "../deadline.ts";
import { MANAGED_LABEL, OWNER_LABEL } from "../labels.ts";

// By then new ones may have come.
const LISTING_MS = 200;
const MB = 1024 * 1024;

/** What a container has used, as the daemon tells it. */
export interface ContainerUsage {
  readonly processorMs: number;
  /** Resident now, without what is only cached; MiB. */
  readonly memoryMb: number;
}

/** Containers of a process, by id. */
export type ReadContainers = (pid?: number) => Promise<ReadonlyMap<string, ContainerUsage>>;

/** Reads what the containers use that a process has had made; without `pid`, this one. `host` as of the sandbox. */
export function createUsageReader(host?: string): ReadContainers {
  const docker = new Docker(parseDockerHost(host));
  return async (pid = process.pid) => {
    const ids = await listContainers(docker, pid);
    const used = await Promise.all(ids.map((id) => readUsage(docker, id)));
    return new Map(ids.flatMap((id, at) => (used[at] ? [[id, used[at]] as const] : [])));
  };
}

/**
 * Reads what the largest of this process's containers has in memory, MiB: from its control group,
 * which on the daemon's own machine takes no time, or as the daemon tells it.
 */
export function createMemoryReader(host?: string): () => Promise<number> {
  const docker = new Docker(parseDockerHost(host));
  let listed: Promise<readonly string[]> | undefined;
  let listedAt = 0;
  return async () => {
    if (!listed || performance.now() - listedAt > LISTING_MS) {
      listedAt = performance.now();
      listed = listContainers(docker, process.pid);
    }
    const ids = await listed;
    const sizes = await Promise.all(
      ids.map(async (id) => groupMb(id) ?? (await readUsage(docker, id))?.memoryMb ?? 0),
    );
    return Math.max(0, ...sizes);
  };
}

/** Of version 2 of control groups with either of Docker's drivers, and of version 1. */
function groupMb(id: string): number | undefined {
  const files = [
    `docker/${id}/memory.current`,
    `system.slice/docker-${id}.scope/memory.current`,
    `memory/docker/${id}/memory.usage_in_bytes`,
  ];
  for (const file of files) {
    try {
      return Number(readFileSync(`/sys/fs/cgroup/${file}`, "utf8")) / MB;
    } catch {
      // Another version or driver, another machine, or it has ended.
    }
  }
  return undefined;
}

/** Ids of the containers that a process has had made, however they are. */
export async function listContainers(docker: Docker, pid: number): Promise<readonly string[]> {
  const filters = { label: [`${MANAGED_LABEL}=1`] };
  const all = await withDeadline("listing containers", () =>
    docker.listContainers({ all: true, filters }),
  );
  const own = all.filter(({ Labels }) => Labels[OWNER_LABEL]?.includes(`:${pid}:`));
  return own.map(({ Id }) => Id);
}

async function readUsage(docker: Docker, id: string): Promise<ContainerUsage | undefined> {
  try {
    const stats = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
    const { usage, stats: parts } = stats.memory_stats;
    // One that has not begun has no figures, whatever the types say.
    if (!Number.isFinite(usage)) return undefined;
    // Of version 2 of control groups, and of version 1.
    const cached = parts?.inactive_file ?? parts?.total_inactive_file ?? 0;
    return {
      processorMs: stats.cpu_stats.cpu_usage.total_usage / 1e6,
      memoryMb: (usage - cached) / MB,
    };
  } catch {
    // It has ended between the listing and the look.
    return undefined;
  }
}
