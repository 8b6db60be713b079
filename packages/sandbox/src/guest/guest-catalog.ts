import type { CatalogFrame } from "../protocol.ts";
import type { GuestRealm } from "./guest-realm.ts";

declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;
declare function installModules(
  realm: GuestRealm,
  servers: Record<string, unknown>,
  sources: CatalogFrame["modules"],
): void;
declare function createFeature(realm: GuestRealm, name: string): object | undefined;

type Tool = (args?: unknown, ...rest: unknown[]) => Promise<unknown>;

type Tools = readonly (readonly [identifier: string, tool: string, path?: string])[];

/**
 * A server's tools as functions, made when first asked for; any other name is a call the host refuses.
 * Tools with a path are in namespaces of their own too: `server.resources.read`.
 */
function createNamespace(realm: GuestRealm, server: string, tools: Tools): object {
  const byName: Record<string, string> = { __proto__: null } as never;
  const made: Record<string, Tool | object> = { __proto__: null } as never;
  const groups = groupTools(realm, tools);
  const identifiers: string[] = realm.keysOf(groups);
  for (let index = 0; index < tools.length; index += 1) {
    const identifier = tools[index]?.[0] ?? "";
    const tool = tools[index]?.[1] ?? "";
    if (tools[index]?.[2] === undefined) identifiers[identifiers.length] = identifier;
    byName[identifier] = tool;
    const original = realm.slice(tool, server.length + 1);
    byName[original] ??= tool;
  }
  const get = (name: string): Tool | object | undefined => {
    const tool = byName[name];
    const group = groups[name];
    if (group) return (made[name] ??= createNamespace(realm, `${server}.${name}`, group));
    if (tool === undefined && isSilent(name)) return undefined;
    return (made[name] ??= createTool(realm, tool ?? `${server}.${name}`));
  };
  // The tool that a server is named after is called by that name alone.
  const own = byName[server] === undefined ? undefined : createTool(realm, byName[server]);
  return new Proxy(own ? () => undefined : { __proto__: null }, {
    ...sealedTraps(server),
    apply: (_target, _self, args: unknown[]) =>
      args.length > 1 ? own?.(args[0], args[1]) : own?.(args[0]),
    get: (_target, key) => {
      if (own && key === "name" && byName[key] === undefined) return server;
      return typeof key === "string" ? get(key) : undefined;
    },
    has: (_target, key) => typeof key === "string" && (byName[key] ?? groups[key]) !== undefined,
    ownKeys: () => identifiers,
    getOwnPropertyDescriptor: (_target, key) =>
      typeof key === "string" && (byName[key] ?? groups[key]) !== undefined
        ? ({
            __proto__: null,
            value: get(key),
            writable: false,
            enumerable: true,
            configurable: true,
          } as PropertyDescriptor)
        : undefined,
  });
}

/** Tools by the first part of their path, each with the rest of it. */
function groupTools(
  realm: GuestRealm,
  tools: Tools,
): Record<string, (readonly [identifier: string, tool: string, path?: string])[]> {
  const groups: ReturnType<typeof groupTools> = { __proto__: null } as never;
  for (let index = 0; index < tools.length; index += 1) {
    const [, tool, path] = tools[index] ?? ["", ""];
    if (path === undefined) continue;
    let end = 0;
    while (path[end] !== ".") end += 1;
    const rest = realm.slice(path, end + 1);
    const group = (groups[realm.slice(path, 0, end)] ??= []);
    group[group.length] = isDotted(rest) ? [rest, tool, rest] : [rest, tool];
  }
  return groups;
}

function isDotted(name: string): boolean {
  for (let index = 0; index < name.length; index += 1) if (name[index] === ".") return true;
  return false;
}

/** What the language and its libraries look for on any object: no tool unless there is one. */
function isSilent(name: string): boolean {
  switch (name) {
    case "then":
    case "toJSON":
    case "constructor":
    case "prototype":
    case "toString":
    case "valueOf":
    case "inspect":
    case "nodeType":
    case "$$typeof":
    case "asymmetricMatch":
      return true;
    default:
      return false;
  }
}

/** Traps of what no program changes; without a prototype, so that nobody adds one from outside. */
function sealedTraps(name: string): ProxyHandler<object> {
  const refuse = (_target: object, key?: unknown): never => {
    const member = typeof key === "string" ? `${name}.${key}` : name;
    throw new TypeError(`${member} belongs to the tools and cannot be changed.`);
  };
  return {
    __proto__: null,
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  } as ProxyHandler<object>;
}

function createTool(realm: GuestRealm, tool: string): Tool {
  const send =
    (kind: "t" | "r"): Tool =>
    (args, ...rest) => {
      if (rest.length === 0) return realm.call(kind, tool, args);
      const message = `"${tool}" takes one object with named arguments, not ${rest.length + 1} arguments.`;
      return rejectWith(realm.toolError({ tool, code: "INVALID_ARGUMENTS", message }));
    };
  const call = send("t");
  realm.define(call, "raw", realm.freeze(send("r")));
  realm.define(call, "name", tool);
  return realm.freeze(call);
}

/** Async, so that nothing of a program's own `Promise` is asked. */
async function rejectWith(error: Error): Promise<never> {
  throw error;
}

/** Makes functions of a program that are functions of the host, of the same name there. */
function createAsk(realm: GuestRealm): (name: string) => (...args: unknown[]) => Promise<unknown> {
  return (name) =>
    (...args) =>
      realm.call("h", name, args);
}

/** `tools`: every server, calls by name, and questions about the catalog. */
function createTools(realm: GuestRealm, namespaces: Record<string, object>): object {
  const ask = createAsk(realm);
  const fixed: Record<string, unknown> = {
    __proto__: null,
    call: (tool: unknown, args?: unknown) => realm.call("t", String(tool), args),
    raw: (tool: unknown, args?: unknown) => realm.call("r", String(tool), args),
    search: ask("tools.search"),
    list: ask("tools.list"),
    describe: ask("tools.describe"),
  };
  const get = (name: string): unknown => {
    if (fixed[name] !== undefined) return fixed[name];
    if (isSilent(name)) return undefined;
    return (namespaces[name] ??= createNamespace(realm, name, []));
  };
  return new Proxy(fixed, {
    ...sealedTraps("tools"),
    get: (_target, key) => (typeof key === "string" ? get(key) : undefined),
  });
}

/** Makes the catalog's names what programs see, and forgets those of the one before. */
function installCatalog(realm: GuestRealm): void {
  let modules: Record<string, unknown> = {};
  let defined: Record<string, object> = {};
  realm.useCatalog = (catalog) => {
    const before = defined;
    const namespaces: Record<string, object> = { __proto__: null } as never;
    const define = (name: string, value: object): void => {
      const current = realm.global[name];
      // A program's own variable of that name is left alone.
      if (current === undefined || current === before[name]) defineGlobal(realm, name, value);
      defined[name] = value;
    };
    modules = { __proto__: null };
    defined = {};
    for (let index = 0; index < catalog.servers.length; index += 1) {
      const { server, identifier, tools } = catalog.servers[index] ?? {
        server: "",
        identifier: "",
        tools: [],
      };
      const namespace = createNamespace(realm, server, tools);
      namespaces[identifier] = namespace;
      namespaces[server] ??= namespace;
      modules[`generated/servers/${identifier}`] = namespace;
      modules[`generated/servers/${server}`] ??= namespace;
      modules[`generated/mcp/${identifier}`] = namespace;
      modules[`generated/mcp/${server}`] ??= namespace;
      define(identifier, namespace);
    }
    const { features = [] } = catalog;
    for (let index = 0; index < features.length; index += 1) {
      const name = features[index] ?? "";
      const feature = before[name] ?? createFeature(realm, name);
      if (feature) define(name, feature);
    }
    const names = realm.keysOf(before);
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] ?? "";
      if (!defined[name] && realm.global[name] === before[name]) delete realm.global[name];
    }
    define("tools", createTools(realm, namespaces));
    installModules(realm, modules, catalog.modules);
    realm.useSkills(catalog);
  };
}

export const catalogFunctions = [
  createNamespace,
  groupTools,
  isDotted,
  isSilent,
  sealedTraps,
  createTool,
  rejectWith,
  createAsk,
  createTools,
  installCatalog,
];
