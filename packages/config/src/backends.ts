import { resolve } from "node:path";

import type { Diagnostic } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";

import type { Config } from "./config-schema.ts";
import { importBackend, variantModule } from "./custom-sandbox.ts";
import { createAttempt, withPatience } from "./named-module.ts";
import type { SandboxBackendOptions } from "./sandbox-variants.ts";
import { findSandboxVariant, sandboxLoader } from "./sandbox-variants.ts";

/** What a sandbox is made with besides its config: where relative paths start, and who is told. */
export interface CreateSandboxOptions {
  /** For the workspace. */
  readonly cwd: string;
  /** For modules of variants: the config file's. */
  readonly folder: string;
  /** Told what takes long, as the building of an image. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Makes the sandbox a config names; its package is loaded only then. Rejects with `SANDBOX_UNAVAILABLE`. */
export async function createSandbox(
  config: Config,
  options: CreateSandboxOptions,
): Promise<Sandbox> {
  const variant = findSandboxVariant(config.sandbox_variant) ?? config.sandbox_variant;
  const attempt = createAttempt(variantModule(variant), [options.folder, options.cwd]);
  const load = sandboxLoader(variant);
  const backend = load
    ? await attempt("cannot be loaded", load)
    : await importBackend(variant, options.folder, attempt);
  return attempt("cannot be made", () =>
    withPatience(() => backend.createSandbox(toOptions(config, options))),
  );
}

/** What whoever runs programs there has to know. */
export function sandboxDiagnostics(
  { capabilities, variant }: Sandbox,
  { hardening, allow_read, allow_write }: Pick<Config, "hardening" | "allow_read" | "allow_write">,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (capabilities.isolation === "none") {
    const can = capabilities.nodeApis
      ? "programs have Node's modules and the network"
      : "nothing keeps programs in";
    const message = `sandbox_variant "${variant}" is no security boundary: ${can}. Run trusted ones only; for others there is "isolated-vm".`;
    diagnostics.push({ code: "SANDBOX_NOT_ISOLATED", message });
  }
  if (hardening !== "none" && variant !== "isolated-vm") {
    const message = `hardening "${hardening}" has no effect in sandbox_variant "${variant}"; it is for "isolated-vm".`;
    diagnostics.push({ code: "KEY_IGNORED", message });
  }
  if (allow_read.length + allow_write.length > 0 && variant !== "local-eval") {
    const message = `allow_read and allow_write have no effect in sandbox_variant "${variant}"; they are for "local-eval".`;
    diagnostics.push({ code: "KEY_IGNORED", message });
  }
  return diagnostics;
}

function toOptions(
  config: Config,
  { cwd, onProgress }: CreateSandboxOptions,
): SandboxBackendOptions {
  const { pool } = config;
  return {
    config,
    cwd,
    memoryMb: config.memory_limit_mb,
    workspacePath: resolve(cwd, config.workspace_path),
    hardening: config.hardening,
    prewarm: config.prewarm,
    maxRunners: pool.max_runners,
    acquireTimeoutMs: pool.acquire_timeout_ms,
    prewarmIdleMs: pool.prewarm_idle_ms,
    prewarmMaxAgeMs: pool.prewarm_max_age_ms,
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}
