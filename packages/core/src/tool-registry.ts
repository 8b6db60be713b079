import type { Diagnostic } from "./diagnostic.ts";
import type { ToolAdapter } from "./tool-adapter.ts";
import type { ToolCaller } from "./tool-caller.ts";
import type { ToolDefinition } from "./tool.ts";

/** How a server stands. `unknown` until its first discovery. */
export interface ServerStatus {
  readonly name: string;
  readonly description?: string;
  readonly transport: string;
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
  listNames(options?: ListNamesOptions): NameListing;
  servers(): readonly ServerStatus[];
  checkServer(name: string, options?: { readonly signal?: AbortSignal }): Promise<ServerCheck>;
  /** Rejects with `TOOL_NOT_FOUND`, `SERVER_NOT_FOUND` or what the adapter says. Takes any name `get` takes. */
  readonly callTool: ToolCaller;
  /** Calls made so far, by canonical name. */
  callCounts(): ReadonlyMap<string, number>;
  /** Returns how to stop listening. A listener that throws is ignored. */
  onChange(listener: (change: RegistryChange) => void): () => void;
}
