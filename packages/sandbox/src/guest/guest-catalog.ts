import type { CatalogFrame } from "../protocol.ts";
import type { GuestRealm } from "./guest-realm.ts";

declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;

type Tool = (args?: unknown, ...rest: unknown[]) => Promise<unknown>;

/** A server's tools as functions, made when first asked for; any other name is a call the host refuses. */
function createNamespace(
  realm: GuestRealm,
  server: string,
  tools: readonly (readonly [identifier: string, tool: string])[],
): object {
  const byName: Record<string, string> = { __proto__: null } as never;
  const made: Record<string, Tool> = { __proto__: null } as never;
  const identifiers: string[] = [];
  for (let index = 0; index < tools.length; index += 1) {
    const identifier = tools[index]?.[0] ?? "";
    const tool = tools[index]?.[1] ?? "";
    identifiers[index] = identifier;
    byName[identifier] = tool;
    const original = realm.slice(tool, server.length + 1);
    byName[original] ??= tool;
  }
  // What the language and its libraries look for on any object: no tool unless there is one.
  const silent =
    " then toJSON constructor prototype toString valueOf inspect nodeType $$typeof asymmetricMatch ";
  const get = (name: string): Tool | undefined => {
    const tool = byName[name];
    if (tool === undefined && silent.includes(` ${name} `)) return undefined;
    return (made[name] ??= createTool(realm, tool ?? `${server}.${name}`));
  };
  return new Proxy(
    { __proto__: null },
    {
      get: (_target, key) => (typeof key === "string" ? get(key) : undefined),
      has: (_target, key) => typeof key === "string" && byName[key] !== undefined,
      ownKeys: () => identifiers,
      getOwnPropertyDescriptor: (_target, key) =>
        typeof key === "string" && byName[key] !== undefined
          ? { value: get(key), writable: false, enumerable: true, configurable: true }
          : undefined,
      set: (_target, key) => {
        throw new TypeError(`${server}.${String(key)} is a tool and cannot be assigned.`);
      },
    },
  );
}

function createTool(realm: GuestRealm, tool: string): Tool {
  const send =
    (kind: "t" | "r"): Tool =>
    (args, ...rest) => {
      if (rest.length === 0) return realm.call(kind, tool, args);
      const message = `"${tool}" takes one object with named arguments, not ${rest.length + 1} arguments.`;
      return Promise.reject(realm.toolError({ tool, code: "INVALID_ARGUMENTS", message }));
    };
  const call = send("t");
  Object.defineProperty(call, "raw", { value: send("r") });
  Object.defineProperty(call, "name", { value: tool });
  return call;
}

/** `tools`: every server, calls by name, and questions about the catalog. */
function createTools(realm: GuestRealm, namespaces: Record<string, object>): object {
  const ask =
    (name: string) =>
    (...args: unknown[]): Promise<unknown> =>
      realm.call("h", name, args);
  const fixed: Record<string, unknown> = {
    __proto__: null,
    call: (tool: unknown, args?: unknown) => realm.call("t", String(tool), args),
    raw: (tool: unknown, args?: unknown) => realm.call("r", String(tool), args),
    search: ask("tools.search"),
    list: ask("tools.list"),
    describe: ask("tools.describe"),
  };
  const silent =
    " then toJSON constructor prototype toString valueOf inspect nodeType $$typeof asymmetricMatch ";
  const get = (name: string): unknown => {
    if (fixed[name] !== undefined) return fixed[name];
    if (silent.includes(` ${name} `)) return undefined;
    return (namespaces[name] ??= createNamespace(realm, name, []));
  };
  return new Proxy(fixed, {
    get: (_target, key) => (typeof key === "string" ? get(key) : undefined),
    set: () => {
      throw new TypeError("tools cannot be assigned.");
    },
  });
}

/** Makes the catalog's names what programs see, and forgets those of the one before. */
function installCatalog(realm: GuestRealm): void {
  let modules: Record<string, unknown> = {};
  let defined: Record<string, object> = {};
  realm.useCatalog = (catalog) => {
    const before = defined;
    const namespaces: Record<string, object> = { __proto__: null } as never;
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
      // A program's own variable of that name is left alone.
      const current = realm.global[identifier];
      if (current === undefined || current === before[identifier]) {
        defineGlobal(realm, identifier, namespace);
      }
      defined[identifier] = namespace;
    }
    const names = Object.keys(before);
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] ?? "";
      if (!defined[name] && realm.global[name] === before[name]) delete realm.global[name];
    }
    const tools = createTools(realm, namespaces);
    if (realm.global["tools"] === undefined || realm.global["tools"] === before["tools"]) {
      defineGlobal(realm, "tools", tools);
    }
    defined["tools"] = tools;
    installModules(realm, modules, catalog.modules);
  };
}

/** What `import` finds: servers by name, modules of source by running them once. */
function installModules(
  realm: GuestRealm,
  servers: Record<string, unknown>,
  sources: CatalogFrame["modules"],
): void {
  const running: Record<string, Promise<unknown>> = { __proto__: null } as never;
  const find = (name: string): { specifier: string; script: string } | undefined => {
    for (let index = 0; index < sources.length; index += 1) {
      if (sources[index]?.specifier === name) return sources[index];
    }
    return undefined;
  };
  realm.load = async (specifier, chain, asked) => {
    const name = plainSpecifier(String(specifier));
    if (servers[name] !== undefined) return servers[name];
    const source = find(name);
    if (!source && realm.importModule) return realm.importModule(String(specifier), asked);
    if (!source) throw new Error(`There is no module ${realm.quote(String(specifier))}.`);
    if (chain.includes(name))
      throw new Error(`Modules import each other: ${[...chain, name].join(" -> ")}.`);
    running[name] ??= runModule(source, [...chain, name]);
    return running[name];
  };
  const runModule = async (
    source: { readonly specifier: string; readonly script: string },
    chain: readonly string[],
  ): Promise<unknown> => {
    const body = realm.evaluate(
      `${source.script}\n//# sourceURL=codemode-module:${source.specifier}`,
    ) as (load: (specifier: string, asked?: unknown) => Promise<unknown>) => Promise<unknown>;
    return body((specifier, asked) => realm.load(specifier, chain, asked));
  };
}

/** The host's check of imports reads specifiers the same way. */
function plainSpecifier(specifier: string): string {
  return specifier.replace(/^(\.\/|@\/|\/)/, "").replace(/(\/index)?(\.(d\.)?[cm]?[tj]s)?$/, "");
}

export const catalogFunctions = [
  createNamespace,
  createTool,
  createTools,
  installCatalog,
  installModules,
  plainSpecifier,
];
