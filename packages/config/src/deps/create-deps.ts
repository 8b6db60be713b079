import { resolve } from "node:path";

import type { SessionOptions } from "@codemode/session";

import type { Config } from "../config-schema.ts";
import { createWorkspaceDeps } from "./workspace-deps.ts";

/** What programs of this config may install, or why they may not. */
export function createDepsFromConfig(
  config: Pick<Config, "allow_runtime_deps" | "sandbox_variant" | "docker" | "workspace_path">,
  cwd: string,
): Pick<SessionOptions, "deps"> {
  if (!config.allow_runtime_deps) return {};
  const disabled = whyNot(config);
  if (disabled !== undefined) return { deps: { disabled } };
  return { deps: createWorkspaceDeps({ folder: resolve(cwd, config.workspace_path) }) };
}

function whyNot({
  sandbox_variant: variant,
  docker,
}: Pick<Config, "sandbox_variant" | "docker">): string | undefined {
  if (variant === "local-eval") return undefined;
  if (variant === "isolated-vm") {
    return 'Programs in "isolated-vm" have no files and no packages: nothing can be installed for them. Use sandbox_variant "local-eval", for trusted programs, or "docker".';
  }
  if (variant !== "docker") {
    return `Packages cannot be installed for programs in ${JSON.stringify(variant)}: use sandbox_variant "local-eval" or "docker".`;
  }
  if (docker.workspace === "read-only") return undefined;
  // What a program can write there, npm on the host would read: its own settings among them.
  return docker.workspace === "none"
    ? 'Packages are installed in the workspace, which programs do not see: set docker.workspace to "read-only".'
    : 'Packages are not installed in a workspace that programs can write, since npm on the host would heed what they put there: set docker.workspace to "read-only".';
}
