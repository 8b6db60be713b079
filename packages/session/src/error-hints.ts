import type { BoundServer, ToolRegistry } from "@codemode/core";
import { nearestNames } from "@codemode/core";
import type { ExecutionError } from "@codemode/sandbox";

import type { ToolFinder } from "./tool-finder.ts";

/** Adds to an error what this catalog knows: signatures, the nearest names, what programs cannot use. */
export function withCatalogHints(
  error: ExecutionError,
  registry: ToolRegistry,
  finder: ToolFinder,
): ExecutionError {
  const hints = [...error.hints, ...catalogHints(error, registry, finder)];
  return { ...error, hints: [...new Set(hints)] };
}

function catalogHints(
  error: ExecutionError,
  registry: ToolRegistry,
  finder: ToolFinder,
): readonly string[] {
  const { code, tool, message } = error;
  if (code === "INVALID_ARGUMENTS" && tool !== undefined) {
    const signature = finder.signature(tool);
    return signature === undefined ? [] : [`Call it as: ${signature}`];
  }
  if (code === "TOOL_NOT_FOUND" && tool !== undefined) return searchHints(tool, finder);
  if (code === "GUEST_ERROR" && error.name === "ReferenceError") {
    const name = /^(\S+) is not defined/.exec(message)?.[1];
    return name === undefined ? [] : undefinedNameHints(name, registry);
  }
  if (code === "IMPORT_NOT_FOUND" || message.startsWith("There is no module "))
    return [importHint(registry)];
  const called =
    code === "GUEST_ERROR" ? /^(\w+) is not a function$/.exec(message)?.[1] : undefined;
  if (called !== undefined) return uncallableHints(called, registry);
  if (code === "TIMEOUT") {
    return [
      "Run independent calls at once with Promise.all, do less, or allow more with timeoutMs.",
    ];
  }
  return [];
}

function searchHints(tool: string, finder: ToolFinder): readonly string[] {
  const { matches } = finder.search(tool.replaceAll(/[._]+/g, " "), { limit: 3 });
  return matches.map((match) => `Available: ${match.signature}`);
}

function* spellings(servers: readonly BoundServer[]): Iterable<string> {
  for (const { identifier, tools } of servers)
    for (const tool of tools) yield `${identifier}.${tool.identifier}`;
}

function importHint(registry: ToolRegistry): string {
  const names = registry.bindings().map(({ identifier }) => identifier);
  const example = `import { tool } from "generated/servers/${names[0] ?? "<server>"}"`;
  const servers = names.length === 0 ? "no server is configured" : names.slice(0, 20).join(", ");
  return `Programs import servers only (${example}), no Node or npm modules. Servers: ${servers}; each is a global too.`;
}

/** A server is an object of tools, and so is `tools`. */
function uncallableHints(name: string, registry: ToolRegistry): readonly string[] {
  if (name !== "tools" && !registry.bindings().some(({ identifier }) => identifier === name))
    return [];
  const object = name === "tools" ? "tools.server" : name;
  return [
    `Call a tool of it: await ${object}.tool({ ... }), or tools.call("server.tool", { ... }).`,
  ];
}

const BY_NAME =
  'Call tools as server.tool({ ... }), or by name: tools.call("server.tool", { ... }).';
const BY_NEED =
  'Search with tools.search("what you need"); tools.list() and tools.describe(name) are there too.';
const NO_NETWORK = "Programs have no network of their own: call a tool.";
const NO_MODULES =
  "Programs have no Node modules: call tools instead, or import from generated/servers/<server>.";
const RETURN_IT = "Programs are no CommonJS modules: return the value, or use export default.";

/** Names of other worlds that programs reach for. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ["require", NO_MODULES],
  ["module", RETURN_IT],
  ["exports", RETURN_IT],
  ["process", "Programs have no process: environment variables and arguments stay on the host."],
  ["Buffer", "Programs have no Buffer: use TextEncoder, TextDecoder, atob and btoa."],
  ["fetch", NO_NETWORK],
  ["XMLHttpRequest", NO_NETWORK],
  ["WebSocket", NO_NETWORK],
  ["setImmediate", "Programs have no setImmediate: use setTimeout or queueMicrotask."],
  ["print", "Use console.log, or return the value."],
  ["callTool", BY_NAME],
  ["call_tool", BY_NAME],
  ["codemode", BY_NAME],
  ["searchTools", BY_NEED],
  ["search_tools", BY_NEED],
]);

function undefinedNameHints(name: string, registry: ToolRegistry): readonly string[] {
  const absent = ABSENT.get(name);
  if (absent !== undefined) return [absent];
  const servers = registry.bindings();
  const [server] = nearestNames(
    name,
    servers.map(({ identifier }) => identifier),
  );
  if (server !== undefined) return [`Did you mean the server "${server}"?`];
  const owners = servers.flatMap(({ identifier, tools }) =>
    tools.some((tool) => tool.identifier === name) ? [`${identifier}.${name}(...)`] : [],
  );
  if (owners.length > 0) return [`Call it through its server: ${owners.join(" or ")}.`];
  const [joined] = nearestNames(name.replace(/^mcp_+/, ""), spellings(servers));
  if (joined !== undefined) return [`Did you mean ${joined}(...)?`];
  return [
    "Variables live on only in the session that made them: give its handle, or define the name.",
  ];
}
