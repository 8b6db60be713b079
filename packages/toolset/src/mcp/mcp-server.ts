import type { SandboxEvent } from "@codemode/sandbox";
import type { ServerContext, Tool } from "@modelcontextprotocol/server";
import { Server } from "@modelcontextprotocol/server";

import type { ToolsetCallOptions, ToolsetResult, ToolsetTool } from "../toolset-tool.ts";
import type { ToolsetOptions } from "../toolset.ts";
import { createToolset } from "../toolset.ts";
import { serverInstructions } from "./instructions.ts";

/** What the MCP server is made of. */
export interface McpServerOptions extends ToolsetOptions {
  /** Default `codemode`. */
  readonly name?: string;
  /** Default `0.0.0`. */
  readonly version?: string;
}

/** An MCP server of the meta-tools, to be connected to a transport. */
export function createMcpServer(options: McpServerOptions): Server {
  const { name = "codemode", version = "0.0.0", session } = options;
  const tools = new Map(createToolset(options).tools.map((tool) => [tool.name, tool]));
  const server = new Server(
    { name, version },
    { capabilities: { tools: {} }, instructions: serverInstructions(session) },
  );
  server.setRequestHandler("tools/list", () => ({ tools: [...tools.values()].map(toMcpTool) }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const tool = tools.get(params.name);
    if (!tool) return toCallResult(unknownTool(params.name, [...tools.keys()]));
    const progress = createProgress(params["_meta"]?.progressToken, context);
    const result = await tool.execute(params.arguments, progress.options);
    await progress.sent();
    return toCallResult(result);
  });
  return server;
}

function toMcpTool({ name, description, inputSchema, annotations }: ToolsetTool): Tool {
  const schema = typeof inputSchema === "object" ? inputSchema : {};
  return {
    name,
    description,
    inputSchema: { ...schema, type: "object" },
    annotations: { ...annotations },
  };
}

/** Cancellation reaches the program; logs reach a client that asked for progress. */
function createProgress(
  progressToken: string | number | undefined,
  { mcpReq }: ServerContext,
): { readonly options: ToolsetCallOptions; readonly sent: () => Promise<unknown> } {
  const { signal } = mcpReq;
  if (progressToken === undefined) return { options: { signal }, sent: () => Promise.resolve() };
  let progress = 0;
  let last: Promise<unknown> = Promise.resolve();
  const onEvent = (event: SandboxEvent): void => {
    progress += 1;
    const params = { progressToken, progress, message: eventText(event).slice(0, 500) };
    // A client that is gone needs no progress.
    last = mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
  // The answer ends a request for the client: what comes after it is not heard.
  return { options: { signal, onEvent }, sent: () => last };
}

function eventText(event: SandboxEvent): string {
  if (event.type === "log") return event.line.text;
  if (event.type === "call_started") return `${event.tool} ...`;
  return `${event.tool} ${event.ok ? "done" : "failed"}`;
}

/** The text is the structured content, to the letter: clients show the one or the other. */
function toCallResult({ structuredContent, isError }: ToolsetResult): {
  content: { type: "text"; text: string }[];
  structuredContent: Record<string, unknown>;
  isError?: true;
} {
  return {
    content: [{ type: "text", text: JSON.stringify(structuredContent) }],
    structuredContent: { ...structuredContent },
    ...(isError ? { isError } : {}),
  };
}

function unknownTool(name: string, known: readonly string[]): ToolsetResult {
  const message = `There is no tool ${JSON.stringify(name)} here. The tools are ${known.join(", ")}; those of servers are called in execute_code.`;
  return {
    structuredContent: { ok: false, error: { code: "TOOL_NOT_FOUND", message } },
    isError: true,
  };
}
