import { resolve } from "node:path";

import type { RunnerPoolOptions, Sandbox, SandboxChannel } from "@codemode/sandbox";
import { createChannelSandbox } from "@codemode/sandbox";

import { startEvalProcess } from "./eval-process.ts";

/** How programs are run. */
export interface LocalEvalSandboxOptions extends RunnerPoolOptions {
  /** The folder programs work in; made where it is not there. Default `./workspace`. */
  readonly workspacePath?: string;
  /** Heap of one session, MiB. Default 128. */
  readonly memoryMb?: number;
  /** More files and folders that programs may read. */
  readonly allowRead?: readonly string[];
  /** More files and folders that programs may write. */
  readonly allowWrite?: readonly string[];
}

/**
 * Runs each session in a child process with Node's own modules, for programs you trust: no security
 * boundary. Node's permission model keeps accidents inside the workspace; the network is open.
 */
export function createLocalEvalSandbox(options: LocalEvalSandboxOptions = {}): Sandbox {
  const { workspacePath = "./workspace", allowRead = [], allowWrite = [], ...rest } = options;
  const workspace = resolve(workspacePath);
  const readable = allowRead.map((path) => resolve(path));
  const writable = allowWrite.map((path) => resolve(path));
  return createChannelSandbox({
    ...rest,
    variant: "local-eval",
    capabilities: {
      isolation: "none",
      hardKill: true,
      memoryLimit: "soft",
      nodeApis: true,
      persistent: true,
      network: true,
    },
    connect: ({ memoryMb }): Promise<SandboxChannel> =>
      Promise.resolve().then(() => startEvalProcess({ memoryMb, workspace, readable, writable })),
    remedy: "See that the workspace is a folder that can be written, or choose another one.",
  });
}
