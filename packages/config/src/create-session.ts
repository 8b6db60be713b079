import type { Diagnostic, QuestionHandlers, ServerStatus, ToolRegistry } from "@codemode/core";
import { createToolRegistry } from "@codemode/core";
import type { ExecuteLimits, Sandbox } from "@codemode/sandbox";
import type { Session, SessionOptions } from "@codemode/session";
import type { Storage } from "@codemode/storage";

import { createSandbox, sandboxDiagnostics } from "./backends.ts";
import { checkOverrides } from "./check-overrides.ts";
import { placesOf } from "./clients/client-files.ts";
import type { Config } from "./config-schema.ts";
import { artifactOptions } from "./create-artifacts.ts";
import { createSkillsFromConfig, upstreamSkills } from "./create-skills.ts";
import { createStorageFromConfig } from "./create-storage.ts";
import { createDepsFromConfig } from "./deps/create-deps.ts";
import { readIdentity } from "./identity-env.ts";
import type { LoadConfigOptions, LoadedConfig } from "./load-config.ts";
import { loadConfig } from "./load-config.ts";
import { createMcpAdapters } from "./mcp-adapters.ts";
import { createOpenapiAdapters } from "./openapi-servers.ts";
import { addConfiguredTools, toolsDiagnostics } from "./tool-files/configured-tools.ts";
import { addUtcpManuals } from "./utcp-manuals.ts";

/** What differs from the file, and who answers what servers ask. */
export interface ConfigSessionOptions
  extends LoadConfigOptions, QuestionHandlers, Pick<SessionOptions, "defaultGuest" | "onAudit"> {
  /** Keys that win over the file's, spelt as there; a wrong one is `CONFIG_INVALID`. */
  readonly overrides?: Partial<Config>;
  /** Told what takes long, as the building of a sandbox's image. */
  readonly onProgress?: (message: string) => void;
  /** Whether servers are listed before this settles, not at all, or beside its use. Default `true`. */
  readonly discover?: boolean | "beside";
}

/** A session out of a config, with all that it is made of. Disposing it disposes all. */
export interface ConfigSession extends AsyncDisposable {
  readonly session: Session;
  readonly sandbox: Sandbox;
  readonly config: Config;
  readonly file?: string;
  /** Servers that other clients' files gave, with the file of each. */
  readonly imported: ReadonlyMap<string, string>;
  /** Settles when every server has been listed, or has failed; at once where none is to be listed. */
  readonly discovered: Promise<void>;
  /** How each server stands now; a failed one stops nothing. */
  readonly servers: readonly ServerStatus[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads the config, connects its servers and opens a session. Rejects like `loadConfig`. */
export async function createSessionFromConfig(
  options: ConfigSessionOptions = {},
): Promise<ConfigSession> {
  const loaded = await withImports(await loadConfig(options), options);
  const { config } = loaded;
  await using made = new AsyncDisposableStack();
  const identity = readIdentity(config.identity_env, options.env ?? process.env);
  const registry = made.use(
    createToolRegistry({ secrets: Object.values(identity), onToolChange: config.on_tool_change }),
  );
  const adapters = await createMcpAdapters({ ...loaded, identity, handlers: options });
  const services = await createOpenapiAdapters(config, loaded);
  for (const adapter of [...adapters, ...services]) registry.addAdapter(adapter);
  made.use(
    await addConfiguredTools(registry, {
      loaded,
      config,
      identity,
      env: options.env ?? process.env,
    }),
  );
  const { cwd = process.cwd(), env = process.env, onProgress } = options;
  const manuals = { loaded, env, cwd, identity, handlers: options };
  const skipped = await addUtcpManuals(registry, manuals);
  // What the caller puts in the file's place starts where the caller is.
  const folder = options.overrides?.sandbox_variant === undefined ? loaded.folder : cwd;
  const sandbox = made.use(await createSandbox(config, { cwd, folder, onProgress }));
  const storage = made.use(createStorageFromConfig(loaded));
  const skills =
    config.skills === false
      ? undefined
      : made.use(createSkillsFromConfig(loaded, storage, { sources: upstreamSkills(adapters) }));
  // Loaded only where a session is opened: commands about skills, artifacts and stores open none.
  const { createSession } = await import("@codemode/session");
  const session = made.use(
    createSession({
      registry,
      sandbox,
      ...(skills ? { skills } : {}),
      ...sessionOptions(config, storage, options),
    }),
  );
  const discovered = discover(registry, options.discover);
  if (options.discover !== "beside") await discovered;
  const diagnostics = [...(await diagnosticsOf(loaded, sandbox)), ...skipped];
  const kept = made.move();
  return {
    session,
    sandbox,
    config,
    ...(loaded.file === undefined ? {} : { file: loaded.file }),
    get servers() {
      return registry.servers();
    },
    imported: loaded.imported,
    discovered,
    diagnostics,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function diagnosticsOf(
  loaded: LoadedConfig,
  sandbox: Sandbox,
): Promise<readonly Diagnostic[]> {
  const { config, diagnostics } = loaded;
  const ofTools = await toolsDiagnostics(loaded, config);
  return [...diagnostics, ...sandboxDiagnostics(sandbox, config), ...ofTools];
}

async function discover(
  registry: ToolRegistry,
  when: ConfigSessionOptions["discover"],
): Promise<void> {
  if (when !== false) await registry.discoverAll();
}

/** What of a session's options comes out of the config, and from whoever opens it. */
function sessionOptions(
  config: Config,
  storage: Storage,
  { defaultGuest, onAudit, cwd = process.cwd() }: ConfigSessionOptions,
): Omit<SessionOptions, "registry" | "sandbox"> {
  return {
    memoryMb: config.memory_limit_mb,
    limits: toLimits(config),
    maxGuests: config.pool.max_runners,
    acquireTimeoutMs: config.pool.acquire_timeout_ms,
    guestIdleMs: config.pool.session_idle_ms,
    ...artifactOptions(config, storage),
    ...createDepsFromConfig(config, cwd),
    ...(config.max_tool_calls === undefined ? {} : { maxToolCalls: config.max_tool_calls }),
    ...(defaultGuest === undefined ? {} : { defaultGuest }),
    ...(onAudit === undefined ? {} : { onAudit }),
  };
}

/** Adds the servers of the clients that the config names; its own win. */
export async function withImports(
  loaded: LoadedConfig,
  { cwd, env, overrides }: Pick<ConfigSessionOptions, "cwd" | "env" | "overrides">,
): Promise<LoadedConfig & { readonly imported: ReadonlyMap<string, string> }> {
  checkOverrides(overrides);
  const config: Config = { ...loaded.config, ...overrides };
  if (config.imports.length === 0) return { ...loaded, config, imported: new Map() };
  const { importServers } = await import("./clients/import-servers.ts");
  const taken = new Set([config.mcpServers, config.openapi].flatMap(Object.keys));
  const imported = await importServers(config.imports, placesOf(cwd, env), taken);
  const mcpServers = { ...Object.fromEntries(imported.servers), ...config.mcpServers };
  return {
    ...loaded,
    config: { ...config, mcpServers },
    imported: imported.files,
    secrets: new Map([...imported.secrets, ...loaded.secrets]),
    diagnostics: [...loaded.diagnostics, ...imported.diagnostics],
  };
}

function toLimits({ default_timeout, limits }: Config): Partial<ExecuteLimits> {
  const named = {
    timeoutMs: default_timeout * 1_000,
    computeMs: limits.compute_ms,
    toolTimeoutMs: limits.tool_timeout_ms,
    maxConcurrentCalls: limits.max_concurrent_calls,
    maxToolResultBytes: limits.max_tool_result_bytes,
    maxValueBytes: limits.max_value_bytes,
    maxLogBytes: limits.max_log_bytes,
    maxSourceBytes: limits.max_source_bytes,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
