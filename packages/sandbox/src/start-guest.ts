import { CodemodeError } from "@codemode/core";

import { guestSource } from "./guest/guest-source.ts";
import { encodeBudget, encodeExecute } from "./protocol.ts";
import type { ChannelExit, SandboxChannel } from "./sandbox-channel.ts";

// A runner that has not said a word by then never will.
const START_TIMEOUT_MS = 15_000;

/** How a runner is reached, and what to say where it is not. */
export interface StartOptions {
  readonly variant: string;
  readonly connect: (options: { readonly memoryMb: number }) => Promise<SandboxChannel>;
  readonly remedy?: string;
}

/** A channel whose guest runs; any number may want to know of its end. */
export interface StartedChannel extends SandboxChannel {
  onDeath(listener: () => void): void;
}

/** Connects, sends the guest and waits for its first sign of rest. */
export async function startGuest(options: StartOptions, memoryMb: number): Promise<StartedChannel> {
  const channel = await options.connect({ memoryMb });
  const ready = Promise.withResolvers<void>();
  const deaths = new Set<() => void>();
  let exit: ChannelExit | undefined;
  let onFrame = (frame: string): void => {
    if (frame === "I") ready.resolve();
  };
  let onExit = ({ code, signal }: ChannelExit): void => {
    ready.reject(
      unavailable(options, `it ended at once (${signal ?? `code ${code ?? "unknown"}`})`),
    );
  };
  channel.onFrame((frame) => onFrame(frame));
  channel.onExit((end) => {
    exit = end;
    onExit(end);
    for (const listener of deaths) listener();
  });
  const timer = setTimeout(() => {
    ready.reject(unavailable(options, `it did not start within ${START_TIMEOUT_MS} ms`));
    channel.kill();
  }, START_TIMEOUT_MS);
  try {
    channel.send(JSON.stringify(guestSource()));
    await ready.promise;
    const warm = Promise.withResolvers<void>();
    onFrame = (frame) => {
      if (frame === "I") warm.resolve();
    };
    onExit = () => warm.resolve();
    channel.send(warmUpFrames());
    await warm.promise;
  } finally {
    clearTimeout(timer);
  }
  return {
    send: (frame) => channel.send(frame),
    onFrame(listener) {
      onFrame = listener;
    },
    onExit(listener) {
      onExit = listener;
      if (exit) listener(exit);
    },
    kill: () => channel.kill(),
    onDeath(listener) {
      deaths.add(listener);
      if (exit) listener();
    },
  };
}

/** A first program, so that the first real one finds everything compiled. */
function warmUpFrames(): string {
  const script =
    '(async function ($load) { "use strict"; const list = [{ a: typeof warm.up, b: 1 }]; console.log("warm", list); ' +
    'const names = Object.keys(await $load("generated/servers/warm")); setTimeout(() => names, 0); ' +
    "try { throw new Error(String(names)); } catch (error) { return { list, error: error.stack, names }; }\n})";
  const catalog = {
    servers: [{ server: "warm", identifier: "warm", tools: [["up", "warm.up"]] as const }],
    modules: [],
  };
  const frame = {
    id: "warm-up",
    number: 0,
    script,
    catalog,
    maxValueLength: 10_000,
    maxLogLength: 1_000,
  };
  return `${encodeBudget(1_000, 1_000)}\n${encodeExecute(frame)}`;
}

function unavailable({ variant, remedy }: StartOptions, why: string): CodemodeError {
  const next = remedy === undefined ? "" : ` ${remedy}`;
  const message = `The ${variant} sandbox cannot start: ${why}.${next}`;
  return new CodemodeError("SANDBOX_UNAVAILABLE", message, { retryable: true });
}
