import { didYouMean } from "./did-you-mean.ts";
import { CodemodeError } from "./errors.ts";
import type { RegisteredServer } from "./registered-server.ts";
import { failedServer, listedServer, newServer } from "./registered-server.ts";
import type { ToolAdapter } from "./tool-adapter.ts";
import type { ToolLookup } from "./tool-lookup.ts";
import { createToolLookup } from "./tool-lookup.ts";
import type { RegistryChange, ServerStatus } from "./tool-registry.ts";

/** What a registry knows and remembers. Changed only by the functions of this file. */
export interface Catalog {
  readonly servers: Map<string, RegisteredServer>;
  readonly listeners: Set<(change: RegistryChange) => void>;
  readonly unsubscribes: Map<string, () => void>;
  /** Discoveries begun, in all. */
  turns: number;
  readonly lifetime: AbortController;
  revision: number;
  lookup: ToolLookup | undefined;
}

/** A catalog without servers. */
export function createCatalog(): Catalog {
  return {
    servers: new Map(),
    listeners: new Set(),
    unsubscribes: new Map(),
    turns: 0,
    lifetime: new AbortController(),
    revision: 0,
    lookup: undefined,
  };
}

/** The index of the current revision, made when first asked for. */
export function lookupOf(catalog: Catalog): ToolLookup {
  catalog.lookup ??= createToolLookup(
    [...catalog.servers.values()].flatMap((server) => server.tools),
    catalog.servers.keys(),
  );
  return catalog.lookup;
}

/** Throws `SERVER_NOT_FOUND` with a suggestion. */
export function serverNamed(catalog: Catalog, name: string): RegisteredServer {
  const server = catalog.servers.get(name);
  if (server) return server;
  const hint = didYouMean(name, catalog.servers.keys());
  const names = [...catalog.servers.keys()].slice(0, 20).map((known) => JSON.stringify(known));
  const known =
    names.length === 0 ? " No servers are configured." : ` The servers are ${names.join(", ")}.`;
  const message = `Server ${JSON.stringify(name)} not found.${hint || known}`;
  throw new CodemodeError("SERVER_NOT_FOUND", message);
}

/** Aborted with `signal` and when the registry is closed. */
export function withLifetime(catalog: Catalog, signal: AbortSignal | undefined): AbortSignal {
  const { signal: lifetime } = catalog.lifetime;
  return signal ? AbortSignal.any([signal, lifetime]) : lifetime;
}

/** Throws `SERVER_DUPLICATE` or `REGISTRY_DISPOSED`. */
export function addServer(catalog: Catalog, adapter: ToolAdapter): void {
  const { name } = adapter;
  if (catalog.lifetime.signal.aborted) {
    const message = `The registry is closed, so server "${name}" was not added. Create a new one.`;
    throw new CodemodeError("REGISTRY_DISPOSED", message);
  }
  if (catalog.servers.has(name)) {
    const message = `There is a server "${name}" already. Give this one another name, or remove that one first.`;
    throw new CodemodeError("SERVER_DUPLICATE", message);
  }
  catalog.servers.set(name, newServer(adapter));
  try {
    const unsubscribe = adapter.onToolsChanged?.(() => {
      // What goes wrong stands in the status; a server removed meanwhile needs no tools.
      discoverServer(catalog, name).catch(() => undefined);
    });
    if (unsubscribe) catalog.unsubscribes.set(name, unsubscribe);
  } catch (error) {
    catalog.servers.delete(name);
    throw error;
  }
  publish(catalog, name, "added");
}

/** Forgets a server and disposes its adapter. */
export async function removeServer(catalog: Catalog, name: string): Promise<void> {
  const { adapter } = serverNamed(catalog, name);
  catalog.unsubscribes.get(name)?.();
  catalog.unsubscribes.delete(name);
  catalog.servers.delete(name);
  publish(catalog, name, "removed");
  await adapter[Symbol.asyncDispose]();
}

/** Lists one server anew. A failure becomes its status. */
export async function discoverServer(
  catalog: Catalog,
  name: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ServerStatus> {
  const { adapter } = serverNamed(catalog, name);
  catalog.turns += 1;
  const turn = catalog.turns;
  const outcome = await list(adapter, withLifetime(catalog, options.signal));

  const server = catalog.servers.get(name);
  if (server?.adapter !== adapter) return outcome(newServer(adapter)).status;
  // A discovery that began later has ended already: it knows better.
  if (server.turn > turn) return server.status;
  const after = { ...outcome(server), turn };
  catalog.servers.set(name, after);
  publish(catalog, name, after.status.status === "failed" ? "failed" : "tools");
  return after.status;
}

/** Ends every discovery and disposes every adapter. Twice is fine. */
export async function closeCatalog(catalog: Catalog): Promise<void> {
  catalog.lifetime.abort(new CodemodeError("REGISTRY_DISPOSED", "The registry was closed."));
  for (const unsubscribe of catalog.unsubscribes.values()) unsubscribe();
  catalog.unsubscribes.clear();
  const adapters = [...catalog.servers.values()].map((server) => server.adapter);
  catalog.servers.clear();
  catalog.lookup = undefined;
  await Promise.allSettled(adapters.map((adapter) => adapter[Symbol.asyncDispose]()));
}

/** Never rejects: gives what becomes of the server. */
async function list(
  adapter: ToolAdapter,
  signal: AbortSignal,
): Promise<(server: RegisteredServer) => RegisteredServer> {
  const start = performance.now();
  try {
    const listing = await adapter.listTools({ signal });
    const latencyMs = performance.now() - start;
    const listed = listedServer(adapter, listing, latencyMs);
    return () => listed;
  } catch (error) {
    return (server) => failedServer(server, error);
  }
}

function publish(catalog: Catalog, server: string, kind: RegistryChange["kind"]): void {
  catalog.revision += 1;
  catalog.lookup = undefined;
  for (const listener of catalog.listeners) {
    try {
      listener({ server, kind, revision: catalog.revision });
    } catch {
      // A listener's own failure must not undo a change that has happened.
    }
  }
}
