import type { ToolRegistry } from "@codemode/core";
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

/** Names of Node's world that programs reach for. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  [
    "require",
    "Programs have no Node modules: call tools instead, or import from generated/servers/<server>.",
  ],
  ["process", "Programs have no process: environment variables and arguments stay on the host."],
  ["Buffer", "Programs have no Buffer: use TextEncoder, TextDecoder, atob and btoa."],
  ["fetch", "Programs have no network of their own: call a tool."],
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
  return [
    "Variables live on only in the session that made them: give its handle, or define the name.",
  ];
}
