import { randomUUID } from "node:crypto";

import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { SandboxCapabilities } from "./capabilities.ts";
import { createChannelSession } from "./channel-session.ts";
import { DEFAULT_MEMORY_MB } from "./limits.ts";
import { createRunnerPool } from "./runner-pool.ts";
import type { SandboxChannel } from "./sandbox-channel.ts";
import type { Sandbox, SandboxSession } from "./sandbox.ts";

/** What differs between backends. */
export interface ChannelSandboxOptions {
  /** The name that `sandbox_variant` takes. */
  readonly variant: string;
  readonly capabilities: SandboxCapabilities;
  /** Starts a runner. Rejects with `SANDBOX_UNAVAILABLE`: reason and remedy. */
  readonly connect: (options: { readonly memoryMb: number }) => Promise<SandboxChannel>;
  /** Heap of a guest where a session does not say otherwise, MiB. Default 128. */
  readonly memoryMb?: number;
  /** Runners kept waiting. Default 0; `prewarm` changes it. */
  readonly prewarm?: number;
  /** What to do where no runner starts. */
  readonly remedy?: string;
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
  // Whoever opens a session sees why none starts.
  pool.resize(options.prewarm ?? 0).catch(() => undefined);

  return {
    variant,
    capabilities,
    async probe() {
      try {
        const channel = await pool.claim(defaultMemoryMb);
        channel.kill();
        return { ok: true };
      } catch (error) {
        return {
          ok: false,
          reason: isCodemodeError(error) ? error.message : String(error),
          remedy,
        };
      }
    },
    async prewarm(count) {
      assertOpen();
      await pool.resize(count);
    },
    async openSession({ id = randomUUID(), memoryMb = defaultMemoryMb } = {}) {
      assertOpen();
      const channel = await pool.claim(memoryMb);
      if (disposed) channel.kill();
      assertOpen();
      const session = createChannelSession(id, channel, capabilities);
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
