import { resolve } from "node:path";

import type { HttpServerOptions, StdioServerOptions } from "@codemode/adapter-mcp";
import { createMcpAdapter } from "@codemode/adapter-mcp";
import type { Diagnostic, QuestionHandlers, ToolAdapter, ToolCaller } from "@codemode/core";
import { CodemodeError } from "@codemode/core";

import type { UtcpAuth } from "./auth-schema.ts";
import type { McpServer, McpTemplate } from "./call-template-schema.ts";
import type { ToolSource } from "./tool-source.ts";
import { manualError, messageOf, templateError } from "./utcp-errors.ts";

/** What the servers of an `mcp` template are made with. */
export interface McpContext extends QuestionHandlers {
  readonly manual: string;
  readonly timeoutMs: number | undefined;
  readonly secrets: readonly string[];
  /** Variables that every process gets. */
  readonly identity: Readonly<Record<string, string>>;
  /** Where the folders of servers start. */
  readonly folder: string;
}

/** Servers that can also be called without being listed first. */
export interface McpSource extends ToolSource {
  readonly callTool: ToolCaller;
}

/**
 * The tools of the servers of a template. With one server they are `manual.tool`; with several,
 * `manual.server.tool`. A server that fails costs its own tools.
 */
export function createMcpSource(template: McpTemplate, context: McpContext): McpSource {
  const { manual } = context;
  const servers = Object.entries(template.config.mcpServers);
  const isOne = servers.length === 1;
  const adapters = servers.map(([name, server]) => {
    const inner = isOne ? manual : `${manual}.${name}`;
    return { name, adapter: createServerAdapter(inner, server, { template, context }) };
  });
  return {
    async listTools({ signal }) {
      const listings = await Promise.allSettled(
        adapters.map(({ adapter }) => adapter.listTools({ signal })),
      );
      const [first] = listings;
      if (isOne && first?.status === "rejected") throw first.reason;
      const diagnostics: Diagnostic[] = [];
      const tools = listings.flatMap((listing, index) => {
        const { name = "", adapter } = adapters[index] ?? {};
        if (listing.status === "rejected" || !adapter) {
          const reason = listing.status === "rejected" ? messageOf(listing.reason) : "";
          const message = `Server "${name}" of manual "${manual}" is left out: ${reason}`;
          diagnostics.push({ code: "SERVER_UNAVAILABLE", message });
          return [];
        }
        diagnostics.push(...listing.value.diagnostics);
        const { callTool } = adapter;
        return listing.value.tools.map((definition) => {
          const own = isOne ? definition.name : `${name}.${definition.name}`;
          return { definition: { ...definition, server: manual, name: own }, template, callTool };
        });
      });
      if (tools.length === 0 && listings.every(({ status }) => status === "rejected"))
        throw manualError(manual, "has no server that answers");
      return { tools, diagnostics };
    },
    async callTool(call, options) {
      const own = call.tool.slice(manual.length + 1);
      const named = adapters.find(({ name }) => own.startsWith(`${name}.`));
      const [only] = adapters;
      const found = named ?? (isOne ? only : undefined);
      if (!found) {
        const known = adapters.map(({ name }) => `"${manual}.${name}.<tool>"`).join(", ");
        const message = `Tool "${call.tool}" names no server of its call template. Call it ${known}.`;
        throw new CodemodeError("TOOL_NOT_FOUND", message, { tool: call.tool });
      }
      const tool = named ? own.slice(named.name.length + 1) : own;
      return found.adapter.callTool({ ...call, tool: `${found.adapter.name}.${tool}` }, options);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(adapters.map(({ adapter }) => adapter[Symbol.asyncDispose]()));
    },
  };
}

interface ServerContext {
  readonly template: McpTemplate;
  readonly context: McpContext;
}

function createServerAdapter(
  name: string,
  server: McpServer,
  { template, context }: ServerContext,
): ToolAdapter {
  const { secrets, onElicit, onSample } = context;
  const timeoutMs = server.timeout === undefined ? context.timeoutMs : server.timeout * 1_000;
  return createMcpAdapter({
    name,
    secrets,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(onElicit ? { onElicit } : {}),
    ...(onSample ? { onSample } : {}),
    ...transportOf(server, { template, context }),
  });
}

function transportOf(
  server: McpServer,
  { template, context: { manual, identity, folder } }: ServerContext,
): StdioServerOptions | HttpServerOptions {
  const { command, args, env, cwd, url, headers } = server;
  if (command !== undefined && server.transport !== "http")
    return {
      command,
      args,
      env: { ...identity, ...env },
      ...(cwd ? { cwd: resolve(folder, cwd) } : {}),
    };
  if (url === undefined)
    throw templateError(manual, undefined, 'a server of "mcpServers" needs "command" or "url"');
  return { url, headers: { ...headers, ...authHeaders(template.auth, manual) } };
}

function authHeaders(
  auth: UtcpAuth | null | undefined,
  manual: string,
): Readonly<Record<string, string>> {
  if (!auth) return {};
  if (auth.auth_type === "api_key" && auth.location === "header")
    return { [auth.var_name]: auth.api_key };
  if (auth.auth_type === "oauth2_user")
    return { [auth.var_name]: `${auth.prefix}${auth.access_token}` };
  if (auth.auth_type === "basic") {
    const pair = Buffer.from(`${auth.username}:${auth.password}`).toString("base64");
    return { Authorization: `Basic ${pair}` };
  }
  const what = `"auth" of type "${auth.auth_type}" is not known for MCP servers; give the server "headers"`;
  throw templateError(manual, undefined, what);
}
