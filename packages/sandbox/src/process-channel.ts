import type { ChildProcess } from "node:child_process";

import { createChildWatch } from "./child-watch.ts";
import { residentMb } from "./node-runner/process-usage.ts";
import type { ChannelExit, SandboxChannel } from "./sandbox-channel.ts";

/** How a child process is spoken to, and when it is stopped. */
export interface ProcessChannelOptions {
  /** Takes frames to the child. May be the same stream as `output`. */
  readonly input: NodeJS.WritableStream;
  /** Brings frames from the child. */
  readonly output: NodeJS.ReadableStream;
  /** Heap of the guest, MiB. Over 160 more than twice of it, resident, the child is ended. Seen on Linux only. */
  readonly memoryMb: number;
  /** The exit code by which the child says that its memory is used up. */
  readonly outOfMemoryCode?: number;
}

// Beside the heap and what its collection copies. By the rest, up to 160, it grows until it is seen.
const BESIDE_HEAP_MB = 120;
const MAX_FRAME = 16 * 1024 * 1024;
// What V8's fatal errors end with.
const FATAL_SIGNALS: ReadonlySet<string> = new Set(["SIGABRT", "SIGTRAP", "SIGILL"]);

/** A channel to a child process: one frame a line. A waiting child does not keep the host alive. */
export function createProcessChannel(
  child: ChildProcess,
  options: ProcessChannelOptions,
): SandboxChannel {
  const { input, output, memoryMb } = options;
  let onFrame: ((frame: string) => void) | undefined;
  let onExit: ((exit: ChannelExit) => void) | undefined;
  let exited: ChannelExit | undefined;

  const end = (exit: ChannelExit): void => {
    if (exited) return;
    exited = exit;
    watch.rest();
    onExit?.(exit);
  };
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  const onOver = (): void => {
    kill();
    end({ signal: "SIGKILL", outOfMemory: true });
  };
  const watch = createChildWatch(child, { maxResidentMb: memoryMb * 2 + BESIDE_HEAP_MB, onOver });
  readLines(output, {
    onLine(frame) {
      if (frame === "I") watch.rest();
      onFrame?.(frame);
    },
    onOverflow: kill,
  });
  // A pipe that breaks is a child that ends: its exit tells why.
  input.on("error", () => undefined);
  output.on("error", () => undefined);
  child.on("error", () => end({ code: 1 }));
  // `close`, not `exit`: every frame has been read by then.
  child.on("close", (code, signal) => {
    const outOfMemory =
      (code !== null && code === options.outOfMemoryCode) ||
      (signal !== null && FATAL_SIGNALS.has(signal));
    end(toExit(code, signal, outOfMemory));
  });
  unref(child, [input, output]);

  return {
    send(frame) {
      input.write(`${frame}\n`);
      if (startsProgram(frame)) watch.start();
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

/** A budget comes before each program, and a catalog may come before that. */
function startsProgram(frames: string): boolean {
  return frames.startsWith("!") || (frames.startsWith("K") && frames.includes("\n!"));
}

/** Whatever waits for a child has a timer of its own. */
function unref(
  child: ChildProcess,
  streams: readonly (NodeJS.ReadableStream | NodeJS.WritableStream)[],
): void {
  child.unref();
  for (const stream of streams) {
    if ("unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}

function toExit(code: number | null, signal: string | null, outOfMemory: boolean): ChannelExit {
  return {
    ...(code === null ? {} : { code }),
    ...(signal === null ? {} : { signal }),
    ...(outOfMemory ? { outOfMemory } : {}),
  };
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
