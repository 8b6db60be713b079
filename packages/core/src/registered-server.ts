import type { Diagnostic } from "./diagnostic.ts";
import { isCodemodeError } from "./errors.ts";
import type { ToolAdapter, ToolListing } from "./tool-adapter.ts";
import { canonicalName } from "./tool-name.ts";
import type { ServerStatus } from "./tool-registry.ts";
import type { ToolDefinition } from "./tool.ts";

/** One server of a registry: its adapter, its tools as last listed, and how it stands. */
export interface RegisteredServer {
  readonly adapter: ToolAdapter;
  readonly tools: readonly ToolDefinition[];
  readonly status: ServerStatus;
  /** Which discovery this is the outcome of. */
  readonly turn: number;
}

/** A server before its first discovery. */
export function newServer(adapter: ToolAdapter): RegisteredServer {
  return { adapter, tools: [], status: statusOf(adapter, { status: "unknown" }), turn: 0 };
}

/** The server after a listing, each name once. Throws where the adapter gave no listing at all. */
export function listedServer(
  adapter: ToolAdapter,
  listing: ToolListing,
  latencyMs: number,
): RegisteredServer {
  const byName = new Map<string, ToolDefinition>();
  const diagnostics: Diagnostic[] = [...listing.diagnostics];
  for (const tool of listing.tools) {
    const problem = problemOf(adapter.name, tool, byName);
    if (problem) diagnostics.push(problem);
    else byName.set(tool.name, tool);
  }
  const tools = [...byName.values()];
  const status = statusOf(adapter, {
    status: "connected",
    latencyMs,
    toolCount: tools.length,
    diagnostics,
  });
  return { adapter, tools, status, turn: 0 };
}

/** Why a tool is left out: a name may be taken once, and only of one's own server. */
function problemOf(
  server: string,
  tool: ToolDefinition,
  byName: ReadonlyMap<string, ToolDefinition>,
): Diagnostic | undefined {
  const shown = JSON.stringify(tool.name);
  if (tool.server !== server || tool.canonicalName !== canonicalName(server, tool.name)) {
    const message = `Server "${server}" lists tool ${shown} under the name ${JSON.stringify(tool.canonicalName)}, which is not its own; it is left out.`;
    return { code: "TOOL_DROPPED", message };
  }
  if (!byName.has(tool.name)) return undefined;
  const message = `Server "${server}" lists tool ${shown} twice; the first is kept.`;
  return { code: "TOOL_DUPLICATE", message };
}

/** The server after a failed listing. Its earlier tools stay: the next call may well reach it again. */
export function failedServer(server: RegisteredServer, error: unknown): RegisteredServer {
  const { adapter, tools } = server;
  const status = statusOf(adapter, {
    status: "failed",
    error: serverError(adapter.name, error),
    toolCount: tools.length,
  });
  return { adapter, tools, status, turn: 0 };
}

/** What people and models read of a server's failure. */
export function serverError(
  server: string,
  error: unknown,
): { readonly code: string; readonly message: string } {
  if (isCodemodeError(error)) return { code: error.code, message: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  return { code: "SERVER_UNAVAILABLE", message: `Server "${server}" failed: ${reason}` };
}

function statusOf(
  adapter: ToolAdapter,
  state: Pick<ServerStatus, "status"> & Partial<ServerStatus>,
): ServerStatus {
  return {
    name: adapter.name,
    ...(adapter.description === undefined ? {} : { description: adapter.description }),
    transport: adapter.transport,
    ...(adapter.protocol === undefined ? {} : { protocol: adapter.protocol }),
    toolCount: 0,
    diagnostics: [],
    ...state,
  };
}
