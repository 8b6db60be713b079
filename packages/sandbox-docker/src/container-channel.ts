import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";

import type { ChannelExit, SandboxChannel } from "@codemode/sandbox";

import type { ContainerEnd } from "./attach.ts";
import { unref } from "./attach.ts";
import { createLineBlocks } from "./container/line-blocks.ts";
import type { SupervisorLine } from "./container/settings.ts";
import { MAX_LINE_BYTES, SUPERVISOR_PROTOCOL, TUNNEL_LETTER } from "./container/settings.ts";
import { createDemultiplexer } from "./demultiplexer.ts";
import { createEgress } from "./egress.ts";

/** A container whose stream is attached. */
export interface AttachedContainer {
  readonly stream: Duplex;
  readonly end: ContainerEnd;
  /** Targets that its programs may connect to. */
  readonly allowed: ReadonlySet<string>;
  /** Removes it, whatever it does. Called once, when the stream has been closed. */
  readonly remove: () => void;
  /** Whether the system ended it for its memory. */
  readonly wasOutOfMemory: () => Promise<boolean>;
}

/** A channel, and when its supervisor has said the right words. */
export interface ContainerChannel extends SandboxChannel {
  /** Rejects where the container ends before. */
  readonly ready: Promise<void>;
}

// What a supervisor that does not read may leave unread.
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;
// The end of the stream comes first; the daemon's word on how it ended soon after.
const END_MS = 2_000;
const KILLED = 137;

/** A channel over a container's stream: frames for the guest, and lines between us and its supervisor. */
export function createContainerChannel(container: AttachedContainer): ContainerChannel {
  const { stream, remove } = container;
  const nonce = randomUUID();
  const ready = Promise.withResolvers<void>();
  let onFrame: ((frame: string) => void) | undefined;
  let onExit: ((exit: ChannelExit) => void) | undefined;
  let exited: ChannelExit | undefined;

  /** The stream first: one that nobody reads would make the daemon hang on the removal. */
  const close = (exit: ChannelExit): void => {
    if (exited) return;
    exited = exit;
    egress.close();
    stream.destroy();
    remove();
    const how = exit.signal ?? `code ${exit.code ?? "unknown"}`;
    ready.reject(new Error(`the container ended at once (${how})`));
    onExit?.(exit);
  };
  const kill = (): void => close({ signal: "SIGKILL" });
  const write = (line: string): void => {
    if (exited) return;
    stream.write(`${line}\n`);
    if (stream.writableLength > MAX_UNREAD_BYTES) kill();
  };
  const egress = createEgress(container.allowed, (line) => write(`@${TUNNEL_LETTER}${line}`));
  const onSupervisorLine = (text: string): void => {
    if (text.startsWith(TUNNEL_LETTER)) {
      if (!egress.receive(text.slice(1))) kill();
      return;
    }
    const line = parseSupervisorLine(text);
    if (!line) kill();
    else if (line.type === "exit") close(toExit(line));
    else if (line.nonce !== nonce || line.protocol !== SUPERVISOR_PROTOCOL) kill();
    else ready.resolve();
  };
  // Nobody may be waiting any more when it fails.
  ready.promise.catch(() => undefined);
  listen(stream, {
    onFrame: (frame) => onFrame?.(frame),
    onSupervisorLine,
    onBroken: kill,
    onEnd: () => {
      if (!exited) void exitOf(container).then(close);
    },
  });
  // A line of its own, whatever stands before it.
  write(`\n@${JSON.stringify({ nonce })}`);

  return {
    ready: ready.promise,
    send: write,
    onFrame(listener) {
      onFrame = listener;
    },
    onExit(listener) {
      onExit = listener;
      if (exited) listener(exited);
    },
    kill,
  };
}

/** How a container ended whose stream has ended. */
async function exitOf({ end, wasOutOfMemory }: AttachedContainer): Promise<ChannelExit> {
  const code = await Promise.race([end, timeout(END_MS)]);
  const outOfMemory = code === KILLED && (await wasOutOfMemory());
  return { ...(code === undefined ? {} : { code }), ...(outOfMemory ? { outOfMemory } : {}) };
}

interface StreamListener {
  readonly onFrame: (frame: string) => void;
  readonly onSupervisorLine: (line: string) => void;
  /** What comes is not what a container of ours sends. */
  readonly onBroken: () => void;
  readonly onEnd: () => void;
}

/** Reads for as long as there is something, never pausing: what is not read would make the daemon hang. */
function listen(stream: Duplex, listener: StreamListener): void {
  const { onFrame, onSupervisorLine, onBroken, onEnd } = listener;
  const onOutput = createLineBlocks({
    onData: (lines) =>
      lines
        .toString("utf8", 0, lines.length - 1)
        .split("\n")
        .forEach(onFrame),
    onControl: onSupervisorLine,
    maxLineBytes: MAX_LINE_BYTES,
    onOverflow: onBroken,
  });
  stream.on("data", createDemultiplexer({ onOutput, onBroken }));
  stream.on("end", () => stream.destroy());
  // A stream that breaks is a container that ends.
  stream.on("error", () => undefined);
  stream.on("close", onEnd);
  // A waiting container does not keep the host alive.
  unref(stream);
}

function timeout(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, undefined).unref();
  });
}

function toExit(line: Extract<SupervisorLine, { type: "exit" }>): ChannelExit {
  const { code, signal, outOfMemory, restless } = line;
  return {
    ...(code === null ? {} : { code }),
    ...(signal === null ? {} : { signal }),
    ...(outOfMemory ? { outOfMemory } : {}),
    ...(restless ? { restless } : {}),
  };
}

/** What a supervisor says is as untrusted as all that comes from a container. */
function parseSupervisorLine(text: string): SupervisorLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    // What is no JSON is treated like any other line that no supervisor says.
    return undefined;
  }
  if (typeof line !== "object" || line === null || !("type" in line)) return undefined;
  if (line.type === "ready" && "nonce" in line && "protocol" in line) {
    const { nonce, protocol } = line;
    if (typeof nonce !== "string" || typeof protocol !== "number") return undefined;
    return { type: "ready", nonce, protocol };
  }
  if (line.type !== "exit" || !("code" in line) || !("signal" in line)) return undefined;
  const { code, signal } = line;
  return {
    type: "exit",
    code: typeof code === "number" ? code : null,
    signal: typeof signal === "string" ? signal.slice(0, 20) : null,
    outOfMemory: "outOfMemory" in line && line.outOfMemory === true,
    restless: "restless" in line && line.restless === true,
  };
}
