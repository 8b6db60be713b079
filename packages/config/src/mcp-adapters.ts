import { resolve } from "node:path";

import type { McpAdapterOptions, OAuthOptions } from "@codemode/adapter-mcp";
import type { QuestionHandlers, ToolAdapter } from "@codemode/core";

import type { LoadedConfig } from "./load-config.ts";
import type { McpServerConfig } from "./mcp-server-schema.ts";

/** What adapters of MCP servers are made of. */
export interface McpAdapterContext extends Pick<LoadedConfig, "config" | "secrets" | "folder"> {
  /** Variables that every process gets. */
  readonly identity: Readonly<Record<string, string>>;
  /** Who answers what servers ask. */
  readonly handlers: QuestionHandlers;
}

/** None of them runs before its first use. The package is loaded only where there are servers. */
export async function createMcpAdapters(
  context: McpAdapterContext,
): Promise<readonly ToolAdapter[]> {
  const { config, secrets, handlers } = context;
  const servers = Object.entries(config.mcpServers).filter(([, { disabled }]) => disabled !== true);
  if (servers.length === 0) return [];
  const { createMcpAdapter } = await import("@codemode/adapter-mcp");
  const { onElicit, onSample } = handlers;
  return servers.map(([name, server]) =>
    createMcpAdapter({
      ...toAdapterOptions(name, server, context),
      secrets: secrets.get(name) ?? [],
      ...(onElicit ? { onElicit } : {}),
      ...(onSample ? { onSample } : {}),
    }),
  );
}

/** An entry of `mcpServers` as the adapter takes it. */
export function toAdapterOptions(
  name: string,
  server: McpServerConfig,
  { identity, folder }: Pick<McpAdapterContext, "identity" | "folder">,
): McpAdapterOptions {
  const { description, timeout_ms, connect_timeout_ms, max_message_bytes, protocol_era } = server;
  const { command, url, roots, lazy, idle_stop_ms, retry, include_tools, exclude_tools } = server;
  const common = {
    name,
    ...(description === undefined ? {} : { description }),
    ...(timeout_ms === undefined ? {} : { timeoutMs: timeout_ms }),
    ...(connect_timeout_ms === undefined ? {} : { connectTimeoutMs: connect_timeout_ms }),
    ...(max_message_bytes === undefined ? {} : { maxMessageBytes: max_message_bytes }),
    ...(protocol_era === undefined ? {} : { protocolEra: protocol_era }),
    ...(retry === undefined ? {} : { retry }),
    ...(lazy === true ? { idleStopMs: idle_stop_ms ?? IDLE_STOP_MS } : {}),
    ...(include_tools === undefined ? {} : { includeTools: include_tools }),
    ...(exclude_tools === undefined ? {} : { excludeTools: exclude_tools }),
    ...(roots === undefined ? {} : { roots: roots.map((root) => toRoot(root, folder)) }),
  };
  if (command !== undefined) {
    const { args = [], env = {}, cwd } = server;
    return {
      ...common,
      command,
      args,
      env: { ...identity, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    };
  }
  const { headers = {}, type, oauth } = server;
  const transport = type === "streamable-http" ? "http" : type;
  const named = transport === "http" || transport === "sse" ? { type: transport } : {};
  const login = oauth === undefined ? {} : { oauth: toOAuth(oauth) };
  return { ...common, url: url ?? "", headers, ...named, ...login };
}

const IDLE_STOP_MS = 60_000;

function toOAuth(oauth: NonNullable<McpServerConfig["oauth"]>): OAuthOptions {
  const named = {
    grant: oauth.grant,
    clientId: oauth.client_id,
    clientSecret: oauth.client_secret,
    clientMetadataUrl: oauth.client_metadata_url,
    issuer: oauth.issuer,
    scope: oauth.scope,
    redirectPort: oauth.redirect_port,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function toRoot(root: string, folder: string): string {
  return root.startsWith("file://") ? root : resolve(folder, root);
}
