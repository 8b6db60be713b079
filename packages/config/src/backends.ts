import type { Sandbox } from "@codemode/sandbox";

import type { Config } from "./config-schema.ts";

/** Makes the sandbox a config names; its package is loaded only then. */
export async function createSandbox(config: Config): Promise<Sandbox> {
  const { createIsolatedVmSandbox } = await import("@codemode/sandbox-isolated-vm");
  return createIsolatedVmSandbox({ memoryMb: config.memory_limit_mb, prewarm: config.prewarm });
}
