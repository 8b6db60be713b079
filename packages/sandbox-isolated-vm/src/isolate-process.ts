import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { CodemodeError } from "@codemode/core";
import type { ChannelExit, SandboxChannel } from "@codemode/sandbox";

/** How a child is started. */
export interface IsolateProcessOptions {
  readonly memoryMb: number;
  /** `jitless` removes the engine's compiler: slower arithmetic, less to attack. */
  readonly hardening: "none" | "jitless";
  /** Without Node's start-up snapshot: slower, for builds where the addon needs it. */
  readonly withoutSnapshot: boolean;
}

const OUT_OF_MEMORY = 77;
// Address space that Node 24 and 26 with one isolate reserve, MiB; under it V8 cannot start.
const ADDRESS_SPACE_MB = 3_000;
const POLL_MS = 50;
const MAX_FRAME = 16 * 1024 * 1024;
// What V8's fatal errors end with.
const FATAL_SIGNALS: ReadonlySet<string> = new Set(["SIGABRT", "SIGTRAP", "SIGILL"]);

/** Starts a child with one isolate, which waits for the guest's source. */
export function startIsolateProcess(options: IsolateProcessOptions): SandboxChannel {
  const child = spawnRunner(options);
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new CodemodeError("INTERNAL", "The isolate's process has no pipes.");
  let onFrame: ((frame: string) => void) | undefined;
  let onExit: ((exit: ChannelExit) => void) | undefined;
  let exited: ChannelExit | undefined;
  let overMemory = false;
  let polling: NodeJS.Timeout | undefined;

  const kill = (): void => {
    child.kill("SIGKILL");
  };
  const poll = (): void => {
    if (child.pid === undefined || residentMb(child.pid) <= options.memoryMb * 2 + 160) return;
    overMemory = true;
    kill();
  };
  const rest = (): void => {
    clearInterval(polling);
    polling = undefined;
  };
  readLines(stdout, {
    onLine(frame) {
      if (frame === "I") rest();
      onFrame?.(frame);
    },
    onOverflow: kill,
  });
  // A pipe that breaks is a child that ends: its exit tells why.
  stdin.on("error", () => undefined);
  stdout.on("error", () => undefined);
  const end = (exit: ChannelExit): void => {
    if (exited) return;
    exited = exit;
    rest();
    onExit?.(exit);
  };
  child.on("error", () => end({ code: 1 }));
  // `close`, not `exit`: every frame has been read by then.
  child.on("close", (code, signal) => end(toExit(code, signal, overMemory)));
  unref(child);

  return {
    send(frame) {
      if (frame.startsWith("!") && polling === undefined)
        polling = setInterval(poll, POLL_MS).unref();
      stdin.write(`${frame}\n`);
    },
    onFrame(listener) {
      onFrame = listener;
    },
    onExit(listener) {
      onExit = listener;
      if (exited) listener(exited);
    },
    kill,
    usage: () => Promise.resolve({ rssBytes: residentMb(child.pid ?? 0) * 1024 * 1024 }),
  };
}

function spawnRunner({
  memoryMb,
  hardening,
  withoutSnapshot,
}: IsolateProcessOptions): ChildProcess {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const runner = fileURLToPath(new URL(`./runner.${extension}`, import.meta.url));
  const binary = addonBinary();
  const args = [
    "--permission",
    "--allow-addons",
    `--allow-fs-read=${dirname(dirname(runner))}`,
    `--allow-fs-read=${binary}`,
    "--disable-warning=ExperimentalWarning",
    "--disable-warning=SecurityWarning",
    ...(hardening === "jitless" ? ["--jitless"] : []),
    ...(withoutSnapshot ? ["--no-node-snapshot"] : []),
    runner,
    binary,
    String(memoryMb),
  ];
  const stdio = ["pipe", "pipe", "ignore"] as const;
  if (process.platform !== "linux")
    return spawn(process.execPath, args, { env: {}, stdio: [...stdio] });
  // The engine's own limit counts only a part of what a program can take.
  const limitKb = (ADDRESS_SPACE_MB + memoryMb * 2) * 1024;
  const command = `ulimit -v ${limitKb}; exec "$@"`;
  return spawn("/bin/sh", ["-c", command, "sh", process.execPath, ...args], {
    env: {},
    stdio: [...stdio],
  });
}

/** The compiled addon for this Node and platform. The child loads it by path and reads nothing else. */
function addonBinary(): string {
  try {
    const entry = createRequire(import.meta.url).resolve("isolated-vm");
    const locate: { readonly path: (folder: string) => string } =
      createRequire(entry)("node-gyp-build");
    return locate.path(dirname(entry));
  } catch (error) {
    const where = `Node ${process.version} on ${process.platform}-${process.arch}`;
    const message = `The isolated-vm sandbox cannot start: the addon "isolated-vm" is not installed, or has no build for ${where}. Install it again with this Node version, or choose another sandbox_variant.`;
    throw new CodemodeError("SANDBOX_UNAVAILABLE", message, { cause: error });
  }
}

/** A waiting child must not keep the host alive; whatever waits for it has a timer of its own. */
function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    if (stream && "unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}

function toExit(code: number | null, signal: string | null, overMemory: boolean): ChannelExit {
  const outOfMemory =
    overMemory || code === OUT_OF_MEMORY || (signal !== null && FATAL_SIGNALS.has(signal));
  return {
    ...(code === null ? {} : { code }),
    ...(signal === null ? {} : { signal }),
    ...(outOfMemory ? { outOfMemory } : {}),
  };
}

/** Resident memory of a process in MiB; 0 where the system does not say. */
function residentMb(pid: number): number {
  if (process.platform !== "linux") return 0;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    return (pages * 4096) / (1024 * 1024);
  } catch {
    // The process has ended; its exit is on the way.
    return 0;
  }
}

/** Splits a stream at line feeds. A line over the cap ends the reading. */
function readLines(
  stream: NodeJS.ReadableStream,
  {
    onLine,
    onOverflow,
  }: { readonly onLine: (line: string) => void; readonly onOverflow: () => void },
): void {
  let parts: string[] = [];
  let length = 0;
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      parts.push(chunk.slice(start, end));
      const line = parts.length === 1 ? (parts[0] ?? "") : parts.join("");
      parts = [];
      length = 0;
      start = end + 1;
      onLine(line);
    }
    if (start === chunk.length) return;
    parts.push(start === 0 ? chunk : chunk.slice(start));
    length += chunk.length - start;
    if (length > MAX_FRAME) onOverflow();
  });
}
