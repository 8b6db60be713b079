import type { BoundServer, ToolRegistry } from "@codemode/core";
import { nearestNames } from "@codemode/core";
import type { ExecutionError, ExecutionFailure } from "@codemode/sandbox";
import { HELPER_NAMES } from "@codemode/sandbox";

import { absentMemberHint, absentNameHint } from "./absent-names.ts";
import type { ToolFinder } from "./tool-finder.ts";
import { valueHints } from "./value-hints.ts";

const OPEN_CALLS = "Run independent calls at once with Promise.all, do less";
const NO_OPEN_CALL = "No tool call was open: look for a loop or a promise that never ends, do less";

/** Adds to an error what this catalog knows: signatures, the nearest names, what programs cannot use. */
export function withCatalogHints(
  { error, calls }: Pick<ExecutionFailure, "error" | "calls">,
  registry: ToolRegistry,
  finder: ToolFinder,
): ExecutionError {
  const known = catalogHints(error, registry, finder);
  const hints = [...error.hints, ...known, ...valueHints(error, calls, finder)];
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
  const isImport = code === "IMPORT_NOT_FOUND" || message.startsWith("There is no module ");
  // Sandboxes with more modules than ours say themselves what there is.
  if (isImport && !message.includes("Import from "))
    return [importHint(registry), ...failureHints(message, registry)];
  const member = code === "GUEST_ERROR" ? absentMemberHint(message) : undefined;
  if (member !== undefined) return [member];
  const ofTools =
    code === "GUEST_ERROR" ? /^tools\.(.+) is not a function$/s.exec(message)?.[1] : undefined;
  if (ofTools !== undefined) return toolsMemberHints(ofTools, registry);
  const called =
    code === "GUEST_ERROR" ? /^(\w+) is not a function$/.exec(message)?.[1] : undefined;
  if (called !== undefined) return uncallableHints(called, registry);
  if (code === "GUEST_ERROR" && /\b(?:ENETUNREACH|EAI_AGAIN)\b/.test(message))
    return ["This sandbox has no network: data comes in through tools."];
  if (code === "TIMEOUT") {
    // The sandbox has told which calls were open.
    const next = error.hints.length === 0 ? NO_OPEN_CALL : OPEN_CALLS;
    return [`${next}, or allow more time (timeoutMs, --timeout).`];
  }
  return [];
}

function searchHints(tool: string, finder: ToolFinder): readonly string[] {
  const { matches } = finder.search(tool.replaceAll(/[._]+/g, " "), { limit: 3 });
  return matches.map((match) => `Available: ${match.signature}`);
}

function* spellings(servers: readonly BoundServer[]): Iterable<string> {
  for (const { identifier, tools } of servers)
    for (const tool of tools) yield `${identifier}.${tool.path ?? tool.identifier}`;
}

function importHint(registry: ToolRegistry): string {
  const names = registry.bindings().map(({ identifier }) => identifier);
  const example = `import { tool } from "generated/servers/${names[0] ?? "<server>"}"`;
  const servers = names.length === 0 ? "no server is configured" : names.slice(0, 20).join(", ");
  return `Programs import servers (${example}), "codemode/helpers" and "skills/<name>" only, no Node or npm modules. Servers: ${servers}; each is a global too.`;
}

/** A server that failed has no tools to import, and what is missing is not the name. */
function failureHints(message: string, registry: ToolRegistry): readonly string[] {
  const failed = registry.servers().filter(({ name, status }) => {
    const bound = registry.bindings().find(({ server }) => server === name);
    return status === "failed" && message.includes(`/${bound?.identifier ?? name}"`);
  });
  return failed.map(({ name, error }) => `Server "${name}" failed. ${error?.message ?? ""}`);
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

/** `tools["server.tool"](...)` and `tools.tool(...)`: neither is how a tool is called. */
function toolsMemberHints(name: string, registry: ToolRegistry): readonly string[] {
  const known = registry.get(name)?.canonicalName;
  if (known !== undefined)
    return [`Call it by name: tools.call(${JSON.stringify(known)}, { ... }).`];
  const servers = registry.bindings();
  const owners = servers.flatMap(({ identifier, tools }) =>
    tools.some((tool) => tool.identifier === name) ? [`${identifier}.${name}(...)`] : [],
  );
  if (owners.length > 0) return [`Call it through its server: ${owners.join(" or ")}.`];
  const [near] = nearestNames(name, [...TOOLS_MEMBERS, ...spellings(servers)]);
  if (near !== undefined)
    return [`Did you mean ${TOOLS_MEMBERS.includes(near) ? `tools.${near}` : near}(...)?`];
  return [`tools has ${TOOLS_MEMBERS.join(", ")}, and the servers: tools.server.tool({ ... }).`];
}

const TOOLS_MEMBERS = ["call", "search", "list", "describe"];

function undefinedNameHints(name: string, registry: ToolRegistry): readonly string[] {
  if (HELPER_NAMES.some((helper) => helper === name))
    return [`Import it: import { ${name} } from "codemode/helpers";`];
  const absent = absentNameHint(name);
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
  const names = servers.slice(0, 20).map(({ identifier }) => identifier);
  const known =
    names.length === 0
      ? "No servers are configured, so there are no tools to call."
      : `The servers are: ${names.join(", ")}.`;
  return [
    known,
    "Variables live on only in the session that made them: give its handle, or define the name.",
  ];
}
