import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { CatalogLine } from "./guest-modules.ts";
import { guestSource } from "./guest/guest-source.ts";
import type { CatalogFrame } from "./protocol.ts";
import { encodeBudget, encodeCatalog, encodeExecute } from "./protocol.ts";
import type { ChannelExit, SandboxChannel } from "./sandbox-channel.ts";
import type { GuestCatalog } from "./sandbox.ts";

// A runner that has not said a word by then never will.
const START_TIMEOUT_MS = 15_000;

/** How a runner is reached, and what to say where it is not. */
export interface StartOptions {
  readonly variant: string;
  readonly connect: (options: { readonly memoryMb: number }) => Promise<SandboxChannel>;
  readonly remedy?: string;
  /** Asked where a runner has ended at once; `undefined` where nothing more is known. */
  readonly explain?: () => Promise<StartFailure | undefined>;
}

/** Why runners cannot start, to go on after "cannot start: ", and what to do, as a sentence. */
export interface StartFailure {
  readonly reason: string;
  readonly remedy: string;
}

/** A channel whose guest runs; any number may want to know of its end. */
export interface StartedChannel extends SandboxChannel {
  /** What the guest has been given already. */
  readonly catalog: GuestCatalog | undefined;
  onDeath(listener: () => void): void;
}

/** What a guest is started with. */
export interface GuestStart {
  readonly memoryMb: number;
  /** What its first program will probably call. */
  readonly ahead: CatalogLine | undefined;
}

/** Connects, sends the guest and waits for its first sign of rest. Does not keep the process alive. */
export async function startGuest(
  options: StartOptions,
  { memoryMb, ahead }: GuestStart,
): Promise<StartedChannel> {
  const channel = await connect(options, memoryMb);
  let ready = Promise.withResolvers<void>();
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
  }, START_TIMEOUT_MS).unref();
  try {
    channel.send(JSON.stringify(guestSource()));
    await ready.promise;
    ready = Promise.withResolvers<void>();
    channel.send(warmUpFrames());
    await ready.promise;
    if (ahead) channel.send(ahead.line);
  } catch (error) {
    throw await explained(options, error);
  } finally {
    clearTimeout(timer);
  }
  return {
    catalog: ahead?.catalog,
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

/** What a backend's own code throws is a reason too. */
async function connect(options: StartOptions, memoryMb: number): Promise<SandboxChannel> {
  try {
    return await options.connect({ memoryMb });
  } catch (error) {
    if (isCodemodeError(error)) throw error;
    throw unavailable(options, error instanceof Error ? error.message : String(error), error);
  }
}

/** A first program, so that the first real one finds everything compiled. */
function warmUpFrames(): string {
  const script =
    '(async function ($load) { "use strict"; const list = [{ a: typeof warm.up, b: 1 }]; console.log("warm", list); ' +
    'const names = Object.keys(await $load("generated/servers/warm")); setTimeout(() => names, 0); ' +
    "try { throw new Error(String(names)); } catch (error) { return { list, error: error.stack, names }; }\n})";
  const catalog: CatalogFrame = {
    servers: [{ server: "warm", identifier: "warm", tools: [["up", "warm.up"]] }],
    modules: [],
  };
  const frame = {
    id: "warm-up",
    number: 0,
    script,
    maxValueLength: 10_000,
    maxLogLength: 1_000,
  };
  return `${encodeBudget(1_000, 1_000)}\n${encodeCatalog(catalog)}\n${encodeExecute(frame)}`;
}

async function explained(options: StartOptions, error: unknown): Promise<unknown> {
  // What is wrong with the explanation is no reason to lose the error.
  const failure = await options.explain?.().catch(() => undefined);
  return failure ? unavailable({ ...options, ...failure }, failure.reason, error) : error;
}

function unavailable(
  { variant, remedy = 'Run "codemode doctor".' }: StartOptions,
  why: string,
  cause?: unknown,
): CodemodeError {
  const reason = `The ${variant} sandbox cannot start: ${why.replace(/\.$/, "")}.`;
  const details = { reason, remedy };
  return new CodemodeError("SANDBOX_UNAVAILABLE", `${reason} ${remedy}`, {
    retryable: true,
    cause,
    details,
  });
}
