import type { CodemodeError } from "@codemode/core";
import { isCodemodeError } from "@codemode/core";
import type { SandboxCapabilities, SandboxEvent } from "@codemode/sandbox";
import type { ServerContext, Tool } from "@modelcontextprotocol/server";
import { inputRequired, Server } from "@modelcontextprotocol/server";

import type { ToolsetResult, ToolsetTool } from "../toolset-tool.ts";
import type { ToolsetOptions } from "../toolset.ts";
import { createToolset } from "../toolset.ts";
import { artifactResources } from "./artifact-resources.ts";
import type { AskingRuns } from "./asking-runs.ts";
import { createAskingRuns } from "./asking-runs.ts";
import { askClient, capabilitiesOf } from "./client-questions.ts";
import { serverInstructions } from "./instructions.ts";
import type { OpenCalls } from "./open-calls.ts";
import { createOpenCalls } from "./open-calls.ts";
import { serveResources } from "./resources.ts";
import { createServedSkills } from "./served-skills.ts";
import { SKILLS_CAPABILITY, serveSkills, skillResources } from "./skill-resources.ts";

/** What the MCP server is made of. */
export interface McpServerOptions extends ToolsetOptions {
  /** Default `codemode`. */
  readonly name?: string;
  /** Default `0.0.0`. */
  readonly version?: string;
  /** Of the session's sandbox: clients are told what programs have. */
  readonly capabilities?: SandboxCapabilities;
  /** Calls wait for this, clients that connect do not: servers that are being listed. Default: none. */
  readonly ready?: Promise<unknown>;
  /** Counts the calls that are being answered, so that they can be waited for. */
  readonly openCalls?: OpenCalls;
  /** Keeps the calls that wait for an answer of their client. */
  readonly askingRuns?: AskingRuns;
}

/** An MCP server of the meta-tools, to be connected to a transport. */
export function createMcpServer(options: McpServerOptions): Server {
  const { name = "codemode", version = "0.0.0", session } = options;
  const { openCalls = createOpenCalls(), askingRuns = createAskingRuns() } = options;
  const tools = new Map(createToolset(options).tools.map((tool) => [tool.name, tool]));
  const skills = session.skills && createServedSkills(session.skills);
  const resources = [
    ...(session.artifacts ? [artifactResources(session.artifacts)] : []),
    ...(skills ? [skillResources(skills)] : []),
  ];
  const server = new Server(
    { name, version },
    {
      capabilities: {
        tools: {},
        ...(resources.length === 0 ? {} : { resources: {} }),
        ...(skills ? SKILLS_CAPABILITY : {}),
      },
      instructions: serverInstructions(session, options.capabilities),
      inputRequired: { maxRounds: MAX_ROUNDS },
    },
  );
  if (resources.length > 0) serveResources(server, resources);
  if (skills) serveSkills(server, skills);
  server.setRequestHandler("tools/list", () => ({ tools: [...tools.values()].map(toMcpTool) }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const tool = tools.get(params.name);
    if (!tool) return toCallResult(unknownTool(params.name, [...tools.keys()]));
    const { mcpReq } = context;
    const token = params["_meta"]?.progressToken;
    const handle = mcpReq.requestState<string>();
    const capabilities = capabilitiesOf(context, server);
    try {
      return await openCalls.run(mcpReq.signal, async (signal) => {
        const progress = createProgress(token, context);
        const run =
          handle === undefined
            ? askingRuns.start(async (ask, life) => {
                await settledOrAborted(options.ready, life.signal);
                return tool.execute(params.arguments, {
                  signal: life.signal,
                  ...(token === undefined ? {} : { onEvent: life.onEvent }),
                  ...askClient(capabilities, ask),
                });
              })
            : askingRuns.find(handle);
        run.answer(mcpReq.inputResponses);
        const state = await run.next({ signal, onEvent: progress.onEvent });
        await progress.sent();
        return "result" in state ? toCallResult(state.result) : inputRequired(state);
      });
    } catch (error) {
      if (!isCodemodeError(error)) throw error;
      return toCallResult(failure(error));
    }
  });
  return server;
}

/** Whoever is cancelled meanwhile, by its client or since the server ends, waits for nothing more. */
async function settledOrAborted(
  ready: Promise<unknown> | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!ready || signal.aborted) return;
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([ready, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
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

// Of questions during one call, for clients of the older era; those of the newer have limits of their own.
const MAX_ROUNDS = 100;

/** Logs reach a client that asked for progress. */
function createProgress(
  progressToken: string | number | undefined,
  { mcpReq }: ServerContext,
): { readonly onEvent: (event: SandboxEvent) => void; readonly sent: () => Promise<unknown> } {
  if (progressToken === undefined)
    return { onEvent: () => undefined, sent: () => Promise.resolve() };
  let progress = 0;
  let last: Promise<unknown> = Promise.resolve();
  const onEvent = (event: SandboxEvent): void => {
    progress += 1;
    const params = { progressToken, progress, message: eventText(event).slice(0, 500) };
    // A client that is gone needs no progress.
    last = mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
  // The answer ends a request for the client: what comes after it is not heard.
  return { onEvent, sent: () => last };
}

function eventText(event: SandboxEvent): string {
  if (event.type === "log") return event.line.text;
  if (event.type === "call_started") return `${event.tool} ...`;
  if (event.type === "call_progress") {
    const { tool, progress, total, message } = event;
    const part = total === undefined ? String(progress) : `${progress} of ${total}`;
    return `${tool}: ${part}${message === undefined ? "" : `, ${message}`}`;
  }
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
  return failure({ code: "TOOL_NOT_FOUND", message });
}

function failure({ code, message }: Pick<CodemodeError, "code" | "message">): ToolsetResult {
  return { structuredContent: { ok: false, error: { code, message } }, isError: true };
}
