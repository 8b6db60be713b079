import { resolve } from "node:path";

import { CodemodeError, didYouMean } from "@codemode/core";
import type { RunnerPoolOptions, Sandbox } from "@codemode/sandbox";
import type { DockerSandboxOptions } from "@codemode/sandbox-docker";
import type { LocalEvalSandboxOptions } from "@codemode/sandbox-local-eval";

import type { Config } from "./config-schema.ts";

/** What the config says to whatever makes the sandbox. */
export interface SandboxBackendOptions extends RunnerPoolOptions {
  /** Heap of one session, MiB. */
  readonly memoryMb: number;
  /** Absolute path of the folder that programs may use, where a backend has such a thing. */
  readonly workspacePath: string;
  /** `jitless`: without the engine's compiler, where a backend can. */
  readonly hardening: "none" | "jitless";
  /** Told what takes long, as the building of an image. */
  readonly onProgress?: (message: string) => void;
  /** Where relative paths of the config start. */
  readonly cwd: string;
  /** All that the config says. */
  readonly config: Config;
}

/** What the module of a sandbox variant exports. */
export interface SandboxBackend {
  readonly createSandbox: (options: SandboxBackendOptions) => Sandbox | Promise<Sandbox>;
}

/** Imports a backend. Called when its variant is used, not before. */
export type LoadSandboxBackend = () => Promise<SandboxBackend>;

// The one list of this process: a config names a variant, and has no other way to it.
const variants = new Map<string, LoadSandboxBackend>();

const ALIASES: Readonly<Record<string, string>> = { eval: "local-eval" };

/**
 * Makes `sandbox_variant: name` load a backend of yours; the built-in ones are registered this way
 * too. Throws `INVALID_ARGUMENTS` for a name that is taken. Disposing takes it back.
 */
export function registerSandboxVariant(name: string, load: LoadSandboxBackend): Disposable {
  if (!/^[a-z][a-z\d-]*$/.test(name)) {
    const message = `${JSON.stringify(name)} is no name for a sandbox variant. Use small letters, digits and "-", for example "my-sandbox".`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  if (variants.has(name) || Object.hasOwn(ALIASES, name)) {
    const message = `There is a sandbox variant "${name}" already. Choose another name.`;
    throw new CodemodeError("INVALID_ARGUMENTS", message);
  }
  variants.set(name, load);
  return { [Symbol.dispose]: () => void variants.delete(name) };
}

/** The names that are registered. */
export function sandboxVariants(): readonly string[] {
  return [...variants.keys()];
}

/** The registered variant that a text names: other spellings and short names too. */
export function findSandboxVariant(text: string): string | undefined {
  const name = text.trim().toLowerCase().replaceAll("_", "-");
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  return alias ?? (variants.has(name) ? name : undefined);
}

/** How a registered variant is loaded. */
export function sandboxLoader(name: string): LoadSandboxBackend | undefined {
  return variants.get(name);
}

/** What is said of a name that leads nowhere. */
export function unknownVariant(name: unknown): string {
  const known = sandboxVariants();
  const list = `There is: ${known.join(", ")}. A module of yours is written as its path from the config file ("./my-sandbox.ts"), a package by its name, once it is installed.`;
  if (typeof name !== "string") return `must be the name of a sandbox variant. ${list}`;
  return `There is no sandbox variant ${JSON.stringify(name)}.${didYouMean(name, known)} ${list}`;
}

registerSandboxVariant("isolated-vm", async () => {
  const { createIsolatedVmSandbox } = await import("@codemode/sandbox-isolated-vm");
  return { createSandbox: (options) => createIsolatedVmSandbox(options) };
});
registerSandboxVariant("docker", async () => {
  const { createDockerSandbox } = await import("@codemode/sandbox-docker");
  return { createSandbox: (options) => createDockerSandbox(toDockerOptions(options)) };
});
registerSandboxVariant("local-eval", async () => {
  const { createLocalEvalSandbox } = await import("@codemode/sandbox-local-eval");
  return { createSandbox: (options) => createLocalEvalSandbox(toLocalOptions(options)) };
});

function toLocalOptions(options: SandboxBackendOptions): LocalEvalSandboxOptions {
  const { config, cwd, hardening: _, onProgress: __, ...rest } = options;
  const resolveAll = (paths: readonly string[]): readonly string[] =>
    paths.map((path) => resolve(cwd, path));
  return {
    ...rest,
    allowRead: resolveAll(config.allow_read),
    allowWrite: resolveAll(config.allow_write),
  };
}

function toDockerOptions(options: SandboxBackendOptions): DockerSandboxOptions {
  const { config, cwd: _, workspacePath, hardening: __, ...rest } = options;
  const { host, image, runtime, memory_mb, pids, workspace, ...docker } = config.docker;
  return {
    ...rest,
    baseImage: docker.base_image,
    nodeApis: docker.node_apis,
    network: docker.network,
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
    ...(workspace === "none" ? {} : { workspacePath, workspaceMode: workspace }),
  };
}
