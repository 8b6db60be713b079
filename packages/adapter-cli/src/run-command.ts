import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

import { endGroup, endGroupAtExit, killGroup } from "@codemode/core/node";

/** A command to run. */
export interface CommandRun {
  readonly file: string;
  /** What the program is told it is called. */
  readonly argv0: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads; without it, nothing. */
  readonly stdin: string | undefined;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal: AbortSignal;
}

/** How a run came to its end. */
export type CommandEnd =
  | {
      readonly kind: "exit";
      readonly code: number | null;
      readonly signal: string | null;
      readonly stdout: Buffer;
      /** Its last 64 KiB. */
      readonly stderr: Buffer;
    }
  | { readonly kind: "timeout" | "aborted" | "overflow" }
  | { readonly kind: "failed"; readonly error: unknown };

const MAX_STDERR_BYTES = 64 * 1024;
// What a command gets to clean up behind itself when it is stopped.
const GRACE_MS = 1_000;
// A process that has left the group can hold the pipes open for ever. So many looks without anything new
// after the program's end, and what came is all; time alone would not do, because a busy host reads late.
const DRAIN_MS = 50;
const DRAIN_LOOKS = 4;

/**
 * Runs a command in a process group of its own and never rejects. Whatever ends the wait ends the whole
 * group; `stopped` settles when that is done.
 */
export async function runCommand(
  run: CommandRun,
): Promise<{ readonly end: CommandEnd; readonly stopped: Promise<void> }> {
  const child = attempt(() => start(run));
  if ("error" in child) return { end: { kind: "failed", error: child.error }, stopped: done };
  const forget = endGroupAtExit(child.value, "SIGKILL");
  const end = await waitFor(child.value, run);
  if (end.kind !== "exit") closePipes(child.value);
  const stopped = end.kind === "exit" ? done : endGroup(child.value, { graceMs: GRACE_MS });
  return { end, stopped: stopped.finally(forget) };
}

const done: Promise<void> = Promise.resolve();

function start(run: CommandRun): ChildProcess {
  const child = spawn(run.file, run.args, {
    argv0: run.argv0,
    cwd: run.cwd,
    env: run.env,
    shell: false,
    windowsHide: true,
    // Its own group, so that what it starts ends with it.
    detached: process.platform !== "win32",
    stdio: [run.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  if (run.stdin !== undefined && child.stdin) {
    // Who does not read to the end is not to blame.
    child.stdin.on("error", () => undefined);
    child.stdin.end(run.stdin);
  }
  return child;
}

function waitFor(child: ChildProcess, run: CommandRun): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const stdout = collect(child.stdout, run.maxOutputBytes, () => finish({ kind: "overflow" }));
    const stderr = collectTail(child.stderr, MAX_STDERR_BYTES);
    let drain: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => finish({ kind: "timeout" }), Math.min(run.timeoutMs, MAX_TIMER));
    const abort = (): void => finish({ kind: "aborted" });
    const finish = (end: CommandEnd): void => {
      clearTimeout(timer);
      clearInterval(drain);
      run.signal.removeEventListener("abort", abort);
      resolve(end);
    };
    const exit = (): void => {
      const { exitCode: code, signalCode: signal } = child;
      finish({ kind: "exit", code, signal, stdout: stdout(), stderr: stderr() });
      closePipes(child);
    };
    child.on("error", (error) => finish({ kind: "failed", error }));
    child.on("exit", () => {
      // A program that has ended may have left others behind.
      killGroup(child);
      drain = whenQuiet(child, exit);
    });
    child.on("close", exit);
    run.signal.addEventListener("abort", abort);
    if (run.signal.aborted) abort();
  });
}

function whenQuiet(child: ChildProcess, then: () => void): NodeJS.Timeout {
  let looks = 0;
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", () => (looks = 0));
  return setInterval(() => {
    looks += 1;
    if (looks > DRAIN_LOOKS) then();
  }, DRAIN_MS);
}

// Node takes a longer time for none at all.
const MAX_TIMER = 2 ** 31 - 1;

function closePipes(child: ChildProcess): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}

function collect(stream: Readable | null, maxBytes: number, onOverflow: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) onOverflow();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks);
}

function collectTail(stream: Readable | null, maxBytes: number): () => Buffer {
  let chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    // Now and then, so that each byte is copied a few times at most.
    if (size < maxBytes * 2) return;
    chunks = [Buffer.concat(chunks).subarray(-maxBytes)];
    size = maxBytes;
  });
  return () => Buffer.concat(chunks).subarray(-maxBytes);
}

function attempt<Value>(
  make: () => Value,
): { readonly value: Value } | { readonly error: unknown } {
  try {
    return { value: make() };
  } catch (error) {
    return { error };
  }
}
