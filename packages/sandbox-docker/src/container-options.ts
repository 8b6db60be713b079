import type Docker from "dockerode";

import type { SupervisorSettings } from "./container/settings.ts";
import type { SandboxImage } from "./sandbox-image.ts";

/** What a container may use. */
export interface ContainerLimits {
  /** Of the container as a whole, MiB; no swap. Default: twice the heap and 128. */
  readonly memoryMb?: number;
  /** Processors, in parts too. Default 1. */
  readonly cpus?: number;
  /** Processes and threads. Default 64; 512 with gVisor, which needs them itself. */
  readonly pids?: number;
  /** What programs may write to `/workspace`, MiB. Default 64. */
  readonly workspaceMb?: number;
}

/** One container, before it is made. */
export interface ContainerPlan {
  readonly name: string;
  readonly image: SandboxImage;
  readonly labels: Readonly<Record<string, string>>;
  readonly runtime: string | undefined;
  readonly limits: ContainerLimits;
  readonly workspace: WorkspaceMount | undefined;
  readonly settings: SupervisorSettings;
  /** Targets that programs may connect to, through the host; the container itself has no network. */
  readonly allowed: ReadonlySet<string>;
}

/** A folder of the daemon's machine that programs see as `/workspace`. */
export interface WorkspaceMount {
  readonly path: string;
  readonly mode: "read-only" | "read-write";
  /** `uid:gid` whose files they are; programs run as it. */
  readonly user: string;
}

const MIB = 1024 * 1024;
/** Nobody on any machine. */
export const GUEST_USER = "10001:10001";

/** Memory of a container as a whole, MiB. */
function containerMb({ memoryMb }: ContainerLimits, heapMb: number): number {
  return memoryMb ?? heapMb * 2 + 128;
}

/**
 * The heap for programs, MiB: what was asked for, as far as the container has room. With more, the
 * engine would collect garbage for ever instead of giving up.
 */
export function heapWithin(limits: ContainerLimits, askedMb: number): number {
  return Math.min(askedMb, Math.floor(containerMb(limits, askedMb) * 0.6));
}

/** As strict as Docker gets. Each line is proved by an attack in the tests. */
export function containerOptions(plan: ContainerPlan): Docker.ContainerCreateOptions {
  const { name, image, labels, runtime, limits, workspace, settings } = plan;
  return {
    name,
    Image: image.name,
    Entrypoint: [
      "node",
      "--max-old-space-size=64",
      "--disable-warning=ExperimentalWarning",
      image.entry,
      JSON.stringify(settings),
    ],
    Labels: { ...labels },
    User: workspace?.user ?? GUEST_USER,
    // The container ends with the one stream that is attached to it.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      AutoRemove: true,
      // A first process of its own: exit codes tell the truth.
      Init: true,
      NetworkMode: "none",
      IpcMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      // What is printed would fill the daemon's disk.
      LogConfig: { Type: "none", Config: {} },
      ...(runtime === undefined ? {} : { Runtime: runtime }),
      ...resources(limits, { heapMb: settings.heapMb, runtime }),
      ...folders(limits, workspace),
    },
  };
}

function resources(
  limits: ContainerLimits,
  { heapMb, runtime }: { readonly heapMb: number; readonly runtime: string | undefined },
): Docker.HostConfig {
  const memory = containerMb(limits, heapMb) * MIB;
  return {
    Memory: memory,
    MemorySwap: memory,
    NanoCpus: Math.round((limits.cpus ?? 1) * 1e9),
    PidsLimit: limits.pids ?? (runtime === "runsc" ? 512 : 64),
    Ulimits: [
      { Name: "nofile", Soft: 256, Hard: 256 },
      { Name: "core", Soft: 0, Hard: 0 },
    ],
  };
}

function folders(
  { workspaceMb = 64 }: ContainerLimits,
  workspace: WorkspaceMount | undefined,
): Docker.HostConfig {
  const [uid, gid] = (workspace?.user ?? GUEST_USER).split(":");
  // The owner, not the mode, lets programs in: some runtimes take the mode from the image's folder.
  const common = `rw,nosuid,nodev,noexec,uid=${uid},gid=${gid},mode=0700`;
  const temporary = { "/tmp": `${common},size=16m,nr_inodes=1024` };
  if (!workspace) {
    const own = `${common},size=${workspaceMb}m,nr_inodes=4096`;
    return { Tmpfs: { ...temporary, "/workspace": own } };
  }
  return {
    Tmpfs: temporary,
    Mounts: [
      {
        Type: "bind",
        Source: workspace.path,
        Target: "/workspace",
        ReadOnly: workspace.mode === "read-only",
      },
    ],
  };
}
