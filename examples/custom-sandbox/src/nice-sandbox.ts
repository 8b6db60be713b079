import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { Socket } from "node:net";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";

import type { SandboxBackendOptions } from "@codemode/config";
import type { Sandbox, SandboxCapabilities, SandboxChannel } from "@codemode/sandbox";
import { createChannelSandbox, createProcessChannel } from "@codemode/sandbox";

/** Said as it is: the suite tests every promise, and a program has all that this process has. */
export const CAPABILITIES: SandboxCapabilities = {
  isolation: "none",
  hardKill: true,
  memoryLimit: "soft",
  nodeApis: true,
  persistent: true,
  network: true,
};

/** What the config gives, and what is this sandbox's own. */
export interface NiceOptions extends Pick<SandboxBackendOptions, "memoryMb" | "workspacePath"> {
  /** From 1 to 19. Default 19: any other process goes before. */
  readonly niceness?: number;
}

/** Runs each session in a child process that other processes go before: for long work that may wait. */
export function createSandbox(options: NiceOptions): Sandbox {
  return createChannelSandbox({
    ...options,
    variant: "nice",
    capabilities: CAPABILITIES,
    connect: ({ memoryMb }) => Promise.resolve().then(() => startRunner(memoryMb, options)),
    remedy: "See that workspace_path is a folder that can be written.",
  });
}

/** All that a backend supplies: a channel to one runner. */
function startRunner(
  memoryMb: number,
  { workspacePath: workspace, niceness = constants.priority.PRIORITY_LOW }: NiceOptions,
): SandboxChannel {
  mkdirSync(workspace, { recursive: true });
  const runner = fileURLToPath(import.meta.resolve("@codemode/sandbox/node-runner"));
  const args = [`--max-old-space-size=${memoryMb}`, "--no-force-async-hooks-checks"];
  const child = spawn(process.execPath, [...args, runner, workspace], {
    // A program is told it: where Node is on this machine is none of its business.
    argv0: "node",
    cwd: workspace,
    env: {},
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const pipe = child.stdio[3];
  if (!(pipe instanceof Socket)) throw new Error("The child has no pipe.");
  if (child.pid !== undefined) setPriority(child.pid, niceness);
  return createProcessChannel(child, {
    input: pipe,
    output: pipe,
    memoryMb,
  });
}
