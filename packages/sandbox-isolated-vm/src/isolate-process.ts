import type { ChildProcess } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { CodemodeError } from "@codemode/core";
import type { SandboxChannel } from "@codemode/sandbox";
import { createProcessChannel, spawnWatched } from "@codemode/sandbox";

import { addonBinary } from "./addon-binary.ts";
import { answersUrl, runnerArguments } from "./runner-arguments.ts";

/** How a child is started. */
export interface IsolateProcessOptions {
  readonly memoryMb: number;
  /** `jitless` removes the engine's compiler: slower arithmetic, less to attack. */
  readonly hardening: "none" | "jitless";
  /** Without Node's start-up snapshot: slower, for builds where the addon needs it. */
  readonly withoutSnapshot: boolean;
}

const OUT_OF_MEMORY = 77;
// Address space that Node 24 and 26 with one isolate take, and half as much again; under 2,000 V8 cannot start.
const ADDRESS_SPACE_MB = 3_000;

/** Starts a child with one isolate, which waits for the guest's source. */
export function startIsolateProcess(options: IsolateProcessOptions): SandboxChannel {
  const child = spawnRunner(options);
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new CodemodeError("INTERNAL", "The isolate's process has no pipes.");
  return createProcessChannel(child, {
    input: stdin,
    output: stdout,
    memoryMb: options.memoryMb,
    outOfMemoryCode: OUT_OF_MEMORY,
  });
}

function spawnRunner({
  memoryMb,
  hardening,
  withoutSnapshot,
}: IsolateProcessOptions): ChildProcess {
  const folder = dirname(fileURLToPath(import.meta.url));
  const binary = addonBinary();
  const answers = answersUrl();
  const args = [
    "--permission",
    "--allow-addons",
    `--allow-fs-read=${dirname(folder)}`,
    `--allow-fs-read=${binary}`,
    ...(answers.startsWith("file:")
      ? [`--allow-fs-read=${dirname(dirname(dirname(fileURLToPath(answers))))}`]
      : []),
    "--disable-warning=ExperimentalWarning",
    "--disable-warning=SecurityWarning",
    ...(hardening === "jitless" ? ["--jitless"] : []),
    ...(withoutSnapshot ? ["--no-node-snapshot"] : []),
    ...runnerArguments(),
    binary,
    String(memoryMb),
    answers,
  ];
  // The engine's own limit counts only a part of what a program can take.
  const addressSpaceKb = (ADDRESS_SPACE_MB + memoryMb * 2) * 1024;
  return spawnWatched({
    command: [process.execPath, ...args],
    stdio: ["pipe", "pipe", "ignore"],
    ...(process.platform === "linux" ? { addressSpaceKb } : {}),
  });
}
