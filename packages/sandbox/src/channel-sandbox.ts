import { randomUUID } from "node:crypto";

import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { SandboxCapabilities } from "./capabilities.ts";
import { createChannelSession } from "./channel-session.ts";
import { toCatalogLine } from "./guest-modules.ts";
import { DEFAULT_MEMORY_MB } from "./limits.ts";
import type { RunnerPoolOptions } from "./runner-pool.ts";
import { createRunnerPool } from "./runner-pool.ts";
import type { SandboxChannel } from "./sandbox-channel.ts";
import type { Sandbox, SandboxSession } from "./sandbox.ts";
import type { StartFailure } from "./start-guest.ts";

/** What differs between backends. */
export interface ChannelSandboxOptions extends RunnerPoolOptions {
  /** The name that `sandbox_variant` takes. */
  readonly variant: string;
  readonly capabilities: SandboxCapabilities;
  /** Starts a runner. Rejects with `SANDBOX_UNAVAILABLE`: reason and remedy. */
  readonly connect: (options: { readonly memoryMb: number }) => Promise<SandboxChannel>;
  /** Heap of a guest where a session does not say otherwise, MiB. Default 128. */
  readonly memoryMb?: number;
  /** Small programs that a runner runs while it waits, to be fast with the first real one. Default 1. */
  readonly rehearsals?: number;
  /** What to do where no runner starts. */
  readonly remedy?: string;
  /** Finds out why a runner ended at once. `undefined` where nothing more is known. */
  readonly explain?: () => Promise<StartFailure | undefined>;
}

/** A sandbox out of a backend's channel: the guest, sessions, limits and stopping are made here. */
export function createChannelSandbox(options: ChannelSandboxOptions): Sandbox {
  const { variant, capabilities, remedy = "See the message." } = options;
  const defaultMemoryMb = options.memoryMb ?? DEFAULT_MEMORY_MB;
  const sessions = new Set<SandboxSession>();
  const pool = createRunnerPool(options, defaultMemoryMb);
  let disposed = false;

  const assertOpen = (): void => {
    if (!disposed) return;
    throw new CodemodeError("SANDBOX_DISPOSED", "This sandbox is closed. Create a new one.");
  };
  pool.resize(options.prewarm ?? 0);

  return {
    variant,
    capabilities,
    async probe() {
      try {
        const channel = await pool.claim(defaultMemoryMb);
        channel.kill();
        return { ok: true };
      } catch (error) {
        return { ok: false, ...whyNot(error, remedy) };
      }
    },
    async prewarm(count) {
      assertOpen();
      pool.resize(count);
      await pool.filled();
    },
    async openSession({ id = randomUUID(), memoryMb = defaultMemoryMb, ...rest } = {}) {
      assertOpen();
      const channel = await pool.claim(memoryMb);
      if (disposed) channel.kill();
      assertOpen();
      const session = createChannelSession({ id, channel, capabilities, ...rest });
      if (rest.catalog) pool.expect(await toCatalogLine(rest.catalog));
      sessions.add(session);
      channel.onDeath(() => sessions.delete(session));
      return session;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.allSettled([...sessions].map((session) => session[Symbol.asyncDispose]()));
      sessions.clear();
      await pool.close();
    },
  };
}

/** A backend that knows more says it in its error's details: `reason`, and the `remedy` for it. */
function whyNot(
  error: unknown,
  remedy: string,
): { readonly reason: string; readonly remedy: string } {
  if (!isCodemodeError(error)) return { reason: String(error), remedy };
  const { details, message } = error;
  if (typeof details !== "object" || !details || !("reason" in details) || !("remedy" in details))
    return { reason: message, remedy };
  const { reason, remedy: known } = details;
  return typeof reason === "string" && typeof known === "string"
    ? { reason, remedy: known }
    : { reason: message, remedy };
}
