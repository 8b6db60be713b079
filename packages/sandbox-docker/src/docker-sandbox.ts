import { statSync } from "node:fs";
import { resolve } from "node:path";

import type { RunnerPoolOptions, Sandbox, SandboxChannel } from "@codemode/sandbox";
import { createChannelSandbox } from "@codemode/sandbox";
import type Docker from "dockerode";

import { checkDaemon } from "./check-daemon.ts";
import { parseDockerHost } from "./connection.ts";
import type { ContainerLimits, WorkspaceMount } from "./container-options.ts";
import { GUEST_USER, heapWithin } from "./container-options.ts";
import { toUnavailable, unavailable } from "./daemon-error.ts";
import type { NetworkAccess } from "./egress.ts";
import { parseAllowed } from "./egress.ts";
import { containerLabels, createInstanceId } from "./labels.ts";
import { reapContainers, removeContainer } from "./reaper.ts";
import type { SandboxImage } from "./sandbox-image.ts";
import { ensureSandboxImage } from "./sandbox-image.ts";
import { startContainer } from "./start-container.ts";
import { createGate } from "./start-gate.ts";

/** How programs are run. */
export interface DockerSandboxOptions extends RunnerPoolOptions {
  /** The daemon: `unix://`, `tcp://`, `https://` or `ssh://`. Default: `DOCKER_HOST`, or this machine's. */
  readonly host?: string;
  /** An image of ours that is on the daemon already. Default: one is built when it is needed. */
  readonly image?: string;
  /** What the built image stands on: any with `node` 24. Default `node:24-slim`. */
  readonly baseImage?: string;
  /** `runsc` for gVisor, or any other that the daemon knows. Default: the daemon's own. */
  readonly runtime?: string;
  /** Node's modules and globals for programs. Without, they have the language alone. Default true. */
  readonly nodeApis?: boolean;
  /** A folder of this machine that programs see as `/workspace`. Default: an empty one for each session, in memory. */
  readonly workspacePath?: string;
  /** Default `read-only`. */
  readonly workspaceMode?: "read-only" | "read-write";
  /** Targets that programs may connect to, through this process. Default `none`. */
  readonly network?: NetworkAccess;
  /** Heap of one session, MiB. Default 128. */
  readonly memoryMb?: number;
  readonly limits?: ContainerLimits;
  /** After it a container ends by itself, whatever runs in it. Default a day. */
  readonly maxLifetimeMs?: number;
  /** Told what the building of the image does, and what the daemon cannot keep programs from. */
  readonly onProgress?: (message: string) => void;
}

const DEFAULT_BASE_IMAGE = "node:24-slim";
const DEFAULT_LIFETIME_MS = 24 * 60 * 60 * 1_000;
const REAP_MS = 30_000;
// Each takes a processor for some time, and has a deadline.
const STARTS_AT_ONCE = 4;

/**
 * Runs each session in a container of its own: no network, no capabilities, a read-only file
 * system, and limits on memory, processors, processes and files. A container never serves a second
 * session, and ends with the host.
 */
export function createDockerSandbox(options: DockerSandboxOptions = {}): Sandbox {
  const { nodeApis = true, network = "none" } = options;
  const daemon = createDaemon(options);
  const sandbox = createChannelSandbox({
    ...poolOptions(options),
    variant: "docker",
    capabilities: {
      isolation: "container",
      hardKill: true,
      memoryLimit: "hard",
      nodeApis,
      persistent: true,
      network: nodeApis && network !== "none" && network.allow.length > 0,
    },
    connect: (wanted) => daemon.connect(wanted),
    remedy: "Look at the daemon's log, and at `docker info`.",
  });
  return {
    variant: sandbox.variant,
    capabilities: sandbox.capabilities,
    probe: () => sandbox.probe(),
    prewarm: (count) => sandbox.prewarm(count),
    openSession: (wanted) => sandbox.openSession(wanted),
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await daemon.close();
    },
  };
}

/** Those that every backend has; the others stay here. */
function poolOptions(options: DockerSandboxOptions): RunnerPoolOptions & { memoryMb?: number } {
  const { prewarm, maxRunners, acquireTimeoutMs, prewarmIdleMs, prewarmMaxAgeMs } = options;
  const given = { prewarm, maxRunners, acquireTimeoutMs, prewarmIdleMs, prewarmMaxAgeMs };
  const { memoryMb } = options;
  return Object.fromEntries(
    Object.entries({ ...given, memoryMb }).filter(([, value]) => value !== undefined),
  );
}

interface Daemon {
  connect(options: { readonly memoryMb: number }): Promise<SandboxChannel>;
  /** Settles when all containers are gone. */
  close(): Promise<void>;
}

/** All that one sandbox wants of a daemon; nothing is asked before the first container is wanted. */
function createDaemon(options: DockerSandboxOptions): Daemon {
  const { host, runtime, limits = {}, nodeApis = true } = options;
  const { maxLifetimeMs = DEFAULT_LIFETIME_MS, onProgress = () => undefined } = options;
  const instance = createInstanceId();
  const removals = new Set<Promise<void>>();
  const startInTurn = createGate(STARTS_AT_ONCE);
  const baseImage = options.baseImage ?? DEFAULT_BASE_IMAGE;
  const context = {
    host: host ?? process.env["DOCKER_HOST"] ?? "the default socket",
    image: options.image ?? baseImage,
    runtime,
  };
  let started: Promise<{ readonly docker: Docker; readonly image: SandboxImage }> | undefined;
  let reaping: NodeJS.Timeout | undefined;

  const start = async () => {
    const docker = await loadDocker(host);
    await checkDaemon(docker, onProgress);
    const { image: given } = options;
    const image = await ensureSandboxImage(docker, { image: given, baseImage, onProgress });
    // Another sandbox's reaper does it just as well.
    const reap = (): void => void reapContainers(docker).catch(() => undefined);
    reap();
    reaping ??= setInterval(reap, REAP_MS).unref();
    return { docker, image };
  };
  const removeLater = (docker: Docker, name: string): void => {
    const removal = removeContainer(docker, name).finally(() => removals.delete(removal));
    removals.add(removal);
  };
  return {
    async connect({ memoryMb }) {
      try {
        const workspace = findWorkspace(options);
        const allowed = parseAllowed(options.network ?? "none");
        started ??= start();
        const { docker, image } = await started;
        const expiresAt = (Date.now() + maxLifetimeMs) / 1_000 + 60;
        const labels = containerLabels(instance, expiresAt);
        const proxy = allowed.size > 0;
        const heapMb = heapWithin(limits, memoryMb);
        const settings = { heapMb, nodeApis, proxy, maxLifetimeMs };
        const plan = { image, labels, runtime, limits, workspace, settings, allowed };
        return await startInTurn(() =>
          startContainer(docker, plan, (name) => removeLater(docker, name)),
        );
      } catch (error) {
        // The next one looks again: the daemon may have been started meanwhile.
        started = undefined;
        throw toUnavailable(error, context);
      }
    },
    async close() {
      clearInterval(reaping);
      await Promise.all(removals);
    },
  };
}

/** Loaded when it is first used: it is large. */
async function loadDocker(host: string | undefined): Promise<Docker> {
  const { default: Dockerode } = await import("dockerode");
  return new Dockerode(parseDockerHost(host));
}

/** Programs run as the folder's owner: what they write is not somebody else's. */
function findWorkspace({
  workspacePath,
  workspaceMode = "read-only",
}: DockerSandboxOptions): WorkspaceMount | undefined {
  if (workspacePath === undefined) return undefined;
  const path = resolve(workspacePath);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) {
    throw unavailable("settings", "The Docker sandbox's workspace is no folder.", {
      remedy: "Make it, or set workspace_path to one that is there.",
    });
  }
  if (workspaceMode === "read-only") return { path, mode: workspaceMode, user: GUEST_USER };
  if (stat.uid !== 0) return { path, mode: workspaceMode, user: `${stat.uid}:${stat.gid}` };
  throw unavailable(
    "settings",
    "The Docker sandbox's workspace belongs to root, and programs never run as root.",
    { remedy: "Give the folder to another user, or mount it read-only." },
  );
}
