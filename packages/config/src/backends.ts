import { resolve } from "node:path";

import type { Diagnostic } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";

import type { Config } from "./config-schema.ts";

/** Makes the sandbox a config names; its package is loaded only then. Paths are taken from `cwd`. */
export async function createSandbox(config: Config, cwd: string): Promise<Sandbox> {
  const { pool } = config;
  const common = {
    memoryMb: config.memory_limit_mb,
    prewarm: config.prewarm,
    maxRunners: pool.max_runners,
    acquireTimeoutMs: pool.acquire_timeout_ms,
    prewarmIdleMs: pool.prewarm_idle_ms,
    prewarmMaxAgeMs: pool.prewarm_max_age_ms,
  };
  if (config.sandbox_variant === "local-eval") {
    const { createLocalEvalSandbox } = await import("@codemode/sandbox-local-eval");
    return createLocalEvalSandbox({
      ...common,
      workspacePath: resolve(cwd, config.workspace_path),
    });
  }
  const { createIsolatedVmSandbox } = await import("@codemode/sandbox-isolated-vm");
  return createIsolatedVmSandbox(common);
}

/** What whoever runs programs there has to know. */
export function sandboxDiagnostics({ capabilities, variant }: Sandbox): readonly Diagnostic[] {
  if (capabilities.isolation !== "none") return [];
  const message = `sandbox_variant "${variant}" is no security boundary: programs have Node's modules and the network. Run trusted ones only; for others there is "isolated-vm".`;
  return [{ code: "SANDBOX_NOT_ISOLATED", message }];
}
