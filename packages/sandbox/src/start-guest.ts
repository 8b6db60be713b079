import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { CatalogLine } from "./guest-modules.ts";
import { guestSource } from "./guest/guest-source.ts";
import type { CatalogFrame } from "./protocol.ts";
import { encodeBudget, encodeCatalog, encodeExecute } from "./protocol.ts";
import { createRunnerEnds } from "./runner-ends.ts";
import type { ChannelExit, SandboxChannel } from "./sandbox-channel.ts";
import type { GuestCatalog } from "./sandbox.ts";

// A runner that has not said a word by then never will.
const START_TIMEOUT_MS = 30_000;

// A first program that uses most of the guest, so that the first real one finds it compiled.
const WARM_UP = programFrames(
  '(async function ($load) { "use strict"; const list = [{ a: typeof warm.up, b: 1 }]; console.log("warm", list); ' +
    'const names = Object.keys(await $load("generated/servers/warm")); setTimeout(() => names, 0); ' +
    "try { throw new Error(String(names)); } catch (error) { return { list, error: error.stack, names }; }\n})",
);
const WARM_CATALOG: CatalogFrame = {
  servers: [{ server: "warm", identifier: "warm", tools: [["up", "warm.up"]] }],
  modules: [],
};
const REHEARSAL = programFrames('(async function ($load) { "use strict"; return [1, 2]; })');

/** How a runner is reached, and what to say where it is not. */
export interface StartOptions {
  readonly variant: string;
  readonly connect: (options: { readonly memoryMb: number }) => Promise<SandboxChannel>;
  readonly remedy?: string;
  /** Small programs that a runner runs while it waits, to be fast with the first real one. Default 1. */
  readonly rehearsals?: number;
  /** Asked where a runner has ended at once; `undefined` where nothing more is known. */
  readonly explain?: () => Promise<StartFailure | undefined>;
}

/** Why runners cannot start, to go on after "cannot start: ", and what to do, as a sentence. */
export interface StartFailure {
  readonly reason: string;
  readonly remedy: string;
}

/**
 * A channel whose guest runs; any number may want to know of its end. One that is killed has ended:
 * a large process takes its time to go, and nobody waits for that.
 */
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
  /** Whether it is to wait for a session: it uses the time to become fast. */
  readonly waits: boolean;
}

/** Connects, sends the guest and waits for its first sign of rest. Does not keep the process alive. */
export async function startGuest(
  options: StartOptions,
  { memoryMb, ahead, waits }: GuestStart,
): Promise<StartedChannel> {
  const channel = await connect(options, memoryMb);
  const ends = createRunnerEnds();
  let ready: PromiseWithResolvers<void> | undefined;
  let onFrame = (frame: string): void => {
    if (frame === "I") ready?.resolve();
  };
  channel.onFrame((frame) => {
    if (!ends.exited()) onFrame(frame);
  });
  channel.onExit(ends.end);
  const timer = setTimeout(() => {
    ready?.reject(unavailable(options, `it did not start within ${START_TIMEOUT_MS} ms`));
    channel.kill();
  }, START_TIMEOUT_MS).unref();
  try {
    for (const frames of startFrames(ahead, waits ? (options.rehearsals ?? 1) : 1)) {
      ready = Promise.withResolvers<void>();
      channel.send(frames);
      ends.onExit((exit) => ready?.reject(endedAtOnce(options, exit)));
      // oxlint-disable-next-line no-await-in-loop -- the guest rests before it hears more
      await ready.promise;
    }
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
    onExit: ends.onExit,
    onDeath: ends.onDeath,
    kill() {
      channel.kill();
      ends.end({ signal: "SIGKILL" });
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

/** What a runner hears before its session, after each of which it comes to rest. */
function startFrames(ahead: CatalogLine | undefined, rehearsals: number): readonly string[] {
  const source = JSON.stringify(guestSource());
  const warmUp = `${encodeCatalog(WARM_CATALOG)}\n${WARM_UP}`;
  const given = ahead ? `${ahead.line}\n${REHEARSAL}` : REHEARSAL;
  const more = Array.from({ length: rehearsals - 1 }, () => REHEARSAL);
  return [source, warmUp, given, ...more];
}

function programFrames(script: string): string {
  const frame = { id: "warm-up", number: 0, script, maxValueLength: 10_000, maxLogLength: 1_000 };
  // One that is cut off never comes to rest.
  const budget = encodeBudget(START_TIMEOUT_MS, START_TIMEOUT_MS);
  return `${budget}\n${encodeExecute(frame)}`;
}

async function explained(options: StartOptions, error: unknown): Promise<unknown> {
  // What is wrong with the explanation is no reason to lose the error.
  const failure = await options.explain?.().catch(() => undefined);
  return failure ? unavailable({ ...options, ...failure }, failure.reason, error) : error;
}

function endedAtOnce(options: StartOptions, { code, signal }: ChannelExit): CodemodeError {
  return unavailable(options, `it ended at once (${signal ?? `code ${code ?? "unknown"}`})`);
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
