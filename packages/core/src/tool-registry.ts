import type { BoundServer } from "./bound-server.ts";
import {
  addServer,
  closeCatalog,
  createCatalog,
  discoverServer,
  lookupOf,
  removeServer,
  serverNamed,
  withLifetime,
} from "./catalog.ts";
import type { Catalog } from "./catalog.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { CodemodeError, isCodemodeError } from "./errors.ts";
import { serverError } from "./registered-server.ts";
import type { ToolAdapter } from "./tool-adapter.ts";
import type { ToolCaller, ToolCallOptions } from "./tool-caller.ts";
import { unknownToolError } from "./tool-lookup.ts";
import type { OnToolChange } from "./tool-pins.ts";
import { createToolPins } from "./tool-pins.ts";
import type { ToolCall, ToolDefinition, ToolResult } from "./tool.ts";
import { withRedaction } from "./with-redaction.ts";

/** How a server stands. `unknown` until its first discovery. */
export interface ServerStatus {
  readonly name: string;
  readonly description?: string;
  readonly transport: string;
  /** The revision of its protocol, as of the last discovery: `2025-11-25`. */
  readonly protocol?: string;
  readonly status: "unknown" | "connected" | "failed";
  /** Why it failed, with the next step. Present exactly when `status` is `failed`. */
  readonly error?: { readonly code: string; readonly message: string };
  /** Milliseconds that the last discovery took. */
  readonly latencyMs?: number;
  readonly toolCount: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** The answer of `checkServer`. */
export interface ServerCheck {
  readonly connected: boolean;
  readonly latencyMs: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Which tools `list` gives. */
export interface ListOptions {
  readonly server?: string;
  /** Default `false`. */
  readonly includeDeferred?: boolean;
}

/** Which names `listNames` gives. */
export interface ListNamesOptions extends ListOptions {
  /** Every word must occur in the canonical name or the description, in any case. */
  readonly keywords?: readonly string[];
  /** Default 100. */
  readonly limit?: number;
}

/** Canonical names, sorted. `total` counts all that matched. */
export interface NameListing {
  readonly names: readonly string[];
  readonly total: number;
  readonly truncated: boolean;
}

/** What changed: told after the change is visible. */
export interface RegistryChange {
  readonly server: string;
  readonly kind: "added" | "removed" | "tools" | "failed";
  readonly revision: number;
}

/** The catalog: adapters by name, their tools, and the one way to call them. */
export interface ToolRegistry extends AsyncDisposable {
  /** Grows with every change of the catalog. */
  readonly revision: number;
  /** Throws `SERVER_DUPLICATE` where the name is taken. Tools appear with the next discovery. */
  addAdapter(adapter: ToolAdapter): void;
  /** Forgets the server and disposes its adapter. Rejects with `SERVER_NOT_FOUND`. */
  removeAdapter(name: string): Promise<void>;
  /** Lists all servers at once. Never rejects for a server's sake: see each status. */
  discoverAll(options?: { readonly signal?: AbortSignal }): Promise<readonly ServerStatus[]>;
  /** Lists one server anew; its old tools are replaced. Rejects with `SERVER_NOT_FOUND` only. */
  discover(name: string, options?: { readonly signal?: AbortSignal }): Promise<ServerStatus>;
  /** By canonical name, `server__tool`, or the binding's own spelling `server_id.tool_id`. */
  get(name: string): ToolDefinition | undefined;
  /** All tools, sorted by canonical name. */
  list(options?: ListOptions): readonly ToolDefinition[];
  /** Throws `SERVER_NOT_FOUND`. */
  listNames(options?: ListNamesOptions): NameListing;
  /** Every server with the identifiers that programs use. One object for each revision. */
  bindings(): readonly BoundServer[];
  servers(): readonly ServerStatus[];
  checkServer(name: string, options?: { readonly signal?: AbortSignal }): Promise<ServerCheck>;
  /** Rejects with `TOOL_NOT_FOUND`, `SERVER_NOT_FOUND` or what the adapter says. Takes any name `get` takes. */
  readonly callTool: ToolCaller;
  /** How a tool differs from what it was when it was first called; nothing where it does not. */
  toolChange(name: string): Diagnostic | undefined;
  /** Calls made so far, by canonical name. */
  callCounts(): ReadonlyMap<string, number>;
  /** Returns how to stop listening. A listener that throws is ignored. */
  onChange(listener: (change: RegistryChange) => void): () => void;
}

/** What differs from one registry to another. */
export interface ToolRegistryOptions {
  /** Values that no answer and no error of a tool may hold. Shorter ones than six characters are words. */
  readonly secrets?: readonly string[];
  /** What becomes of calls to tools that changed after their first use. Default `warn`. */
  readonly onToolChange?: OnToolChange;
}

/** An empty catalog. Disposing it disposes its adapters. */
export function createToolRegistry(given: ToolRegistryOptions = {}): ToolRegistry {
  const { secrets = [], onToolChange = "warn" } = given;
  const pins = createToolPins(onToolChange);
  const catalog = createCatalog();
  const counts = new Map<string, number>();
  const callTool: ToolCaller = async (call, options) => {
    const tool = lookupOf(catalog).find(call.tool);
    const adapter = tool && catalog.servers.get(tool.server)?.adapter;
    if (!tool || !adapter) {
      throw unknownToolError(call.tool, lookupOf(catalog), statusesOf(catalog));
    }
    pins.use(tool);
    const name = tool.canonicalName;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return await callAdapter(adapter, call.tool === name ? call : { ...call, tool: name }, options);
  };

  return {
    get revision() {
      return catalog.revision;
    },
    addAdapter: (adapter) => addServer(catalog, adapter),
    removeAdapter: (name) => removeServer(catalog, name),
    discoverAll: (options) =>
      Promise.all(
        [...catalog.servers.keys()].map((name) => discoverServer(catalog, name, options)),
      ),
    discover: (name, options) => discoverServer(catalog, name, options),
    get: (name) => lookupOf(catalog).find(name),
    list: (options) => select(lookupOf(catalog).tools, options),
    listNames(options) {
      const { tools, servers } = lookupOf(catalog);
      if (options?.server === undefined) return listNames(tools, options);
      // By its name, or as programs write it.
      const written = servers.find(({ identifier }) => identifier === options.server)?.server;
      const isName = catalog.servers.has(options.server) || written === undefined;
      const server = isName ? options.server : written;
      serverNamed(catalog, server);
      return listNames(tools, { ...options, server });
    },
    bindings: () => lookupOf(catalog).servers,
    servers: () => statusesOf(catalog),
    checkServer: (name, options) => checkServer(catalog, name, options?.signal),
    callTool: withRedaction(callTool, secrets),
    toolChange(name) {
      const tool = lookupOf(catalog).find(name);
      return tool && pins.changeOf(tool);
    },
    callCounts: () => new Map(counts),
    onChange(listener) {
      catalog.listeners.add(listener);
      return () => catalog.listeners.delete(listener);
    },
    [Symbol.asyncDispose]: () => closeCatalog(catalog),
  };
}

function statusesOf(catalog: Catalog): readonly ServerStatus[] {
  return [...catalog.servers.values()].map((server) => server.status);
}

async function checkServer(
  catalog: Catalog,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ServerCheck> {
  const { adapter } = serverNamed(catalog, name);
  const start = performance.now();
  try {
    await adapter.check({ signal: withLifetime(catalog, signal) });
    return { connected: true, latencyMs: performance.now() - start };
  } catch (error) {
    const latencyMs = performance.now() - start;
    return { connected: false, latencyMs, error: serverError(name, error) };
  }
}

/** An adapter's call, whose every failure is a `CodemodeError` that names the tool. */
async function callAdapter(
  adapter: ToolAdapter,
  call: ToolCall,
  options: ToolCallOptions,
): Promise<ToolResult> {
  try {
    return await adapter.callTool(call, options);
  } catch (error) {
    if (isCodemodeError(error)) throw error;
    const context = { cause: error, tool: call.tool };
    if (options.signal.aborted) {
      throw new CodemodeError("CANCELLED", `The call of "${call.tool}" was cancelled.`, context);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodemodeError("TOOL_FAILED", `Tool "${call.tool}" failed: ${reason}`, context);
  }
}

function select(
  tools: readonly ToolDefinition[],
  options: ListOptions = {},
): readonly ToolDefinition[] {
  return tools.filter(
    (tool) =>
      (options.server === undefined || tool.server === options.server) &&
      (options.includeDeferred === true || !tool.deferLoading),
  );
}

function listNames(tools: readonly ToolDefinition[], options: ListNamesOptions = {}): NameListing {
  const words = (options.keywords ?? []).map((word) => word.toLowerCase());
  const names = select(tools, options)
    .filter((tool) => {
      const text = `${tool.canonicalName} ${tool.description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map((tool) => tool.canonicalName);
  const kept = names.slice(0, Math.max(0, options.limit ?? 100));
  return { names: kept, total: names.length, truncated: kept.length < names.length };
}
