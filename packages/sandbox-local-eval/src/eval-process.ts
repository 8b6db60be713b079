import { mkdirSync, realpathSync } from "node:fs";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { CodemodeError } from "@codemode/core";
import type { SandboxChannel } from "@codemode/sandbox";
import { createProcessChannel, spawnWatched } from "@codemode/sandbox";

import { watchRest } from "./watch-rest.ts";

/** How a child is started. All paths are absolute. */
export interface EvalProcessOptions {
  readonly memoryMb: number;
  readonly workspace: string;
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

/** Starts a child with one context, which waits for the guest's source. */
export function startEvalProcess(options: EvalProcessOptions): SandboxChannel {
  const workspace = prepareWorkspace(options.workspace);
  // Frames have a pipe of their own: what a program prints must not look like one.
  const child = spawnWatched({
    command: [process.execPath, ...runnerArguments(options, workspace)],
    cwd: workspace,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const pipe = child.stdio[3];
  if (!(pipe instanceof Socket)) {
    throw new CodemodeError("INTERNAL", "The program's process has no pipe.");
  }
  const channel = createProcessChannel(child, {
    input: pipe,
    output: pipe,
    memoryMb: options.memoryMb,
  });
  return watchRest(child, channel);
}

function runnerArguments(
  { memoryMb, readable, writable }: EvalProcessOptions,
  workspace: string,
): readonly string[] {
  const runner = fileURLToPath(import.meta.resolve("@codemode/sandbox/node-runner"));
  // Its package's manifest says that it is a module.
  const reads = [dirname(dirname(dirname(runner))), workspace, ...readable];
  return [
    "--permission",
    // Newer versions of Node close the network too.
    ...(process.allowedNodeEnvironmentFlags.has("--allow-net") ? ["--allow-net"] : []),
    ...reads.map((path) => `--allow-fs-read=${path}`),
    ...[workspace, ...writable].map((path) => `--allow-fs-write=${path}`),
    `--max-old-space-size=${memoryMb}`,
    // A callback that was cut off leaves its asynchronous context behind; that is no reason to end.
    "--no-force-async-hooks-checks",
    "--disable-warning=ExperimentalWarning",
    "--disable-warning=SecurityWarning",
    runner,
    workspace,
  ];
}

/** The real path, since permissions are given for real paths. */
function prepareWorkspace(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
    return realpathSync(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const message = `The local-eval sandbox cannot start: its workspace cannot be made (${reason}). Set workspace_path to a folder that can be written.`;
    throw new CodemodeError("SANDBOX_UNAVAILABLE", message, { cause: error });
  }
}
