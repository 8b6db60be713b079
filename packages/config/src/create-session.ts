import type { Diagnostic, ServerStatus, ToolAdapter } from "@codemode/core";
import { createToolRegistry } from "@codemode/core";
import type { ExecuteLimits, Sandbox } from "@codemode/sandbox";
import type { Session, SessionOptions } from "@codemode/session";
import { createSession } from "@codemode/session";

import { createSandbox } from "./backends.ts";
import type { Config } from "./config-schema.ts";
import type { LoadConfigOptions } from "./load-config.ts";
import { loadConfig } from "./load-config.ts";
import type { McpServerConfig } from "./mcp-server-schema.ts";

/** What differs from the file. */
export interface ConfigSessionOptions
  extends LoadConfigOptions, Pick<SessionOptions, "defaultGuest" | "onAudit"> {
  /** Keys that win over the file's. */
  readonly overrides?: Partial<Config>;
  /** Whether servers are listed before this settles. Default `true`. */
  readonly discover?: boolean;
}

/** A session out of a config, with all that it is made of. Disposing it disposes all. */
export interface ConfigSession extends AsyncDisposable {
  readonly session: Session;
  readonly sandbox: Sandbox;
  readonly config: Config;
  readonly file?: string;
  /** How each server stands; a failed one stops nothing. */
  readonly servers: readonly ServerStatus[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads the config, connects its servers and opens a session. Rejects like `loadConfig`. */
export async function createSessionFromConfig(
  options: ConfigSessionOptions = {},
): Promise<ConfigSession> {
  const loaded = await loadConfig(options);
  const config: Config = { ...loaded.config, ...options.overrides };
  const registry = createToolRegistry();
  const servers = Object.entries(config.mcpServers).filter(([, { disabled }]) => disabled !== true);
  const adapters = await Promise.all(
    servers.map(([name, server]) => createServerAdapter(name, server)),
  );
  for (const adapter of adapters) registry.addAdapter(adapter);
  const sandbox = await createSandbox(config);
  const session = createSession({
    registry,
    sandbox,
    memoryMb: config.memory_limit_mb,
    limits: toLimits(config),
    ...(config.max_tool_calls === undefined ? {} : { maxToolCalls: config.max_tool_calls }),
    ...(options.defaultGuest === undefined ? {} : { defaultGuest: options.defaultGuest }),
    ...(options.onAudit === undefined ? {} : { onAudit: options.onAudit }),
  });
  if (options.discover !== false) await registry.discoverAll();
  return {
    session,
    sandbox,
    config,
    ...(loaded.file === undefined ? {} : { file: loaded.file }),
    servers: registry.servers(),
    diagnostics: loaded.diagnostics,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

async function createServerAdapter(name: string, server: McpServerConfig): Promise<ToolAdapter> {
  const { createMcpAdapter } = await import("@codemode/adapter-mcp");
  const { description, timeout_ms, connect_timeout_ms, protocol_era, command, url } = server;
  const common = {
    name,
    ...(description === undefined ? {} : { description }),
    ...(timeout_ms === undefined ? {} : { timeoutMs: timeout_ms }),
    ...(connect_timeout_ms === undefined ? {} : { connectTimeoutMs: connect_timeout_ms }),
    ...(protocol_era === undefined ? {} : { protocolEra: protocol_era }),
  };
  if (command !== undefined) {
    const { args = [], env = {}, cwd } = server;
    return createMcpAdapter({
      ...common,
      command,
      args,
      env,
      ...(cwd === undefined ? {} : { cwd }),
    });
  }
  const { headers = {}, type } = server;
  const transport = type === "streamable-http" ? "http" : type;
  const named = transport === "http" || transport === "sse" ? { type: transport } : {};
  return createMcpAdapter({ ...common, url: url ?? "", headers, ...named });
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
