import { estimateTokens } from "@codemode/codegen";
import type { ConfigSession } from "@codemode/config";
import type { ServerStatus, ToolRegistry } from "@codemode/core";

import type { Check } from "./check.ts";

/** What is known of one server, beside whether it works. */
export interface ServerReport {
  readonly transport: string;
  /** Revision of the protocol, where there is one. */
  readonly protocol?: string;
  /** `modern` from revision 2026-07-28 on. */
  readonly era?: "legacy" | "modern";
  /** Milliseconds to start or reach it and list its tools. */
  readonly listedMs?: number;
  /** Milliseconds for one answer afterwards. */
  readonly latencyMs?: number;
  readonly tools: number;
  /** About how many tokens its definitions are to a model that gets all of them. */
  readonly definitionTokens: number;
  readonly problems: readonly { readonly code: string; readonly message: string }[];
}

/** Asks a server once more, and says how it stands. */
export async function checkServer(
  status: ServerStatus,
  opened: Pick<ConfigSession, "config" | "imported"> & { readonly registry: ToolRegistry },
): Promise<Check> {
  const name = `server ${status.name}`;
  const answer =
    status.status === "failed" ? undefined : await opened.registry.checkServer(status.name);
  const server = reportOf(status, opened.registry, answer?.latencyMs);
  const error = status.error ?? answer?.error;
  if (!error) return { name, ok: true, message: describe(server), server };
  const remedy = remedyOf(status, error.code, opened);
  return { name, ok: false, message: error.message, remedy, server };
}

function reportOf(
  status: ServerStatus,
  registry: ToolRegistry,
  latencyMs: number | undefined,
): ServerReport {
  const { name, transport, protocol, toolCount, latencyMs: listedMs, diagnostics } = status;
  const definitions = registry
    .list({ server: name, includeDeferred: true })
    .map(({ name: tool, description, inputSchema }) => ({ name: tool, description, inputSchema }));
  const none = `Server "${name}" lists no tools. Look into its settings, or leave it out with "disabled": true.`;
  const problems = diagnostics.map(({ code, message }) => ({ code, message }));
  if (status.status === "connected" && toolCount === 0)
    problems.push({ code: "NO_TOOLS", message: none });
  return {
    transport,
    ...(protocol === undefined ? {} : { protocol, era: eraOf(protocol) }),
    ...(listedMs === undefined ? {} : { listedMs: Math.round(listedMs) }),
    ...(latencyMs === undefined ? {} : { latencyMs: Math.round(latencyMs) }),
    tools: toolCount,
    definitionTokens: toolCount === 0 ? 0 : estimateTokens(JSON.stringify(definitions)),
    problems,
  };
}

/** Revisions are dates. */
function eraOf(protocol: string): "legacy" | "modern" {
  return protocol >= "2026-07-28" ? "modern" : "legacy";
}

function describe(server: ServerReport): string {
  const { transport, protocol, era, listedMs, latencyMs, tools, definitionTokens } = server;
  return [
    transport,
    ...(protocol === undefined ? [] : [`protocol ${protocol} (${era ?? "legacy"})`]),
    ...(listedMs === undefined ? [] : [`listed in ${listedMs} ms`]),
    ...(latencyMs === undefined ? [] : [`answers in ${latencyMs} ms`]),
    `${tools} ${tools === 1 ? "tool" : "tools"}`,
    `about ${definitionTokens} tokens of definitions`,
  ].join(", ");
}

function remedyOf(
  { name: server, transport }: Pick<ServerStatus, "name" | "transport">,
  code: string,
  { config, imported }: Pick<ConfigSession, "config" | "imported">,
): string {
  const file = imported.get(server);
  if (file !== undefined)
    return `Correct "${server}" in ${file}, or write one of this name into "mcpServers": it wins.`;
  for (const section of ["openapi", "cli"] as const) {
    if (Object.hasOwn(config[section], server))
      return `Correct "${section}.${server}" in the config, or take it out.`;
  }
  if (transport.startsWith("utcp"))
    return `Correct manual "${server}" in the UTCP configuration, or take it out.`;
  if (!Object.hasOwn(config.mcpServers, server))
    return "Correct it in its tool file, or take that out.";
  const entry = `mcpServers.${server}`;
  if (code === "SERVER_TIMEOUT")
    return `Give it more time with "connect_timeout_ms" or "timeout_ms" in "${entry}", or leave it out with "disabled": true.`;
  return `Correct "${entry}" in the config, or leave it out with "disabled": true.`;
}
