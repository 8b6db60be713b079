import type { RunnerPoolOptions, Sandbox, SandboxChannel } from "@codemode/sandbox";
import { createChannelSandbox } from "@codemode/sandbox";

import { explainAddon } from "./addon-binary.ts";
import { startIsolateProcess } from "./isolate-process.ts";

/** How programs are run. */
export interface IsolatedVmSandboxOptions extends RunnerPoolOptions {
  /** Heap of one session, MiB. Default 128. */
  readonly memoryMb?: number;
  /** `jitless` takes the engine's compiler away: nothing to attack there, arithmetic many times slower. Default `none`. */
  readonly hardening?: "none" | "jitless";
}

/**
 * Runs each session in an isolate of its own, in a child process of its own, under Node's
 * permission model, without environment variables, and on Linux with a limited address space.
 */
export function createIsolatedVmSandbox(options: IsolatedVmSandboxOptions = {}): Sandbox {
  const { hardening = "none", ...rest } = options;
  return createChannelSandbox({
    ...rest,
    variant: "isolated-vm",
    capabilities: {
      isolation: "isolate",
      hardKill: true,
      memoryLimit: process.platform === "linux" ? "hard" : "soft",
      nodeApis: false,
      persistent: true,
      network: false,
    },
    connect: ({ memoryMb }): Promise<SandboxChannel> =>
      Promise.resolve().then(() =>
        startIsolateProcess({ memoryMb, hardening, withoutSnapshot: false }),
      ),
    explain: explainAddon,
    // What more of them gain is too little to be seen in the bench's fresh execute.
    rehearsals: 10,
    remedy:
      "Raise memory_limit_mb, give this machine's processes more memory or address space, or choose another sandbox_variant.",
  });
}
