import { resolve } from "node:path";

import type { Diagnostic } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";
import type { DockerSandboxOptions } from "@codemode/sandbox-docker";

import type { Config } from "./config-schema.ts";

/** What a sandbox is made with besides its config. */
export interface CreateSandboxOptions {
  /** Paths are taken from here. */
  readonly cwd: string;
  /** Told what takes long, as the building of an image. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Makes the sandbox a config names; its package is loaded only then. */
export async function createSandbox(
  config: Config,
  options: CreateSandboxOptions,
): Promise<Sandbox> {
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
      workspacePath: resolve(options.cwd, config.workspace_path),
    });
  }
  if (config.sandbox_variant === "docker") {
    const { createDockerSandbox } = await import("@codemode/sandbox-docker");
    return createDockerSandbox({ ...common, ...toDockerOptions(config, options) });
  }
  const { createIsolatedVmSandbox } = await import("@codemode/sandbox-isolated-vm");
  return createIsolatedVmSandbox(common);
}

function toDockerOptions(
  { docker, workspace_path }: Config,
  { cwd, onProgress }: CreateSandboxOptions,
): DockerSandboxOptions {
  const { host, image, runtime, memory_mb, pids, workspace } = docker;
  return {
    baseImage: docker.base_image,
    nodeApis: docker.node_apis,
    maxLifetimeMs: docker.max_lifetime_ms,
    limits: {
      cpus: docker.cpus,
      workspaceMb: docker.workspace_mb,
      ...(memory_mb === undefined ? {} : { memoryMb: memory_mb }),
      ...(pids === undefined ? {} : { pids }),
    },
    ...(host === undefined ? {} : { host }),
    ...(image === undefined ? {} : { image }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(workspace === "none"
      ? {}
      : { workspacePath: resolve(cwd, workspace_path), workspaceMode: workspace }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}

/** What whoever runs programs there has to know. */
export function sandboxDiagnostics({ capabilities, variant }: Sandbox): readonly Diagnostic[] {
  if (capabilities.isolation !== "none") return [];
  const message = `sandbox_variant "${variant}" is no security boundary: programs have Node's modules and the network. Run trusted ones only; for others there is "isolated-vm".`;
  return [{ code: "SANDBOX_NOT_ISOLATED", message }];
}
