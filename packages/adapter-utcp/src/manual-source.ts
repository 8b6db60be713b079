import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { networkCode } from "@codemode/adapter-openapi/http";
import type { JsonSchema, JsonValue, ToolCall, ToolCallOptions, ToolResult } from "@codemode/core";
import { canonicalName, CodemodeError, isRecord } from "@codemode/core";

import type { CallTemplate, McpTemplate } from "./call-template-schema.ts";
import { runCommands } from "./cli-call.ts";
import { callFunction } from "./direct-call.ts";
import { loadManual } from "./load-manual.ts";
import type { ManualContext } from "./manual-context.ts";
import { readTemplate, typeOf } from "./manual-context.ts";
import type { ManualTool } from "./manual-schema.ts";
import { readManualTools } from "./manual-schema.ts";
import type { McpSource } from "./mcp-tools.ts";
import { createMcpSource } from "./mcp-tools.ts";
import { createOpenapiSource, isOpenapi } from "./openapi-tools.ts";
import type { ToolSource, UtcpTool } from "./tool-source.ts";
import { manualError } from "./utcp-errors.ts";
import { callWebTool } from "./web-call.ts";

/** Where the tools of a manual come from: its document, or what stands in the document's place. */
export function createManualSource(template: CallTemplate, context: ManualContext): ToolSource {
  if (template.call_template_type === "mcp") return openServers(template, context);
  let inner: ToolSource | undefined;
  // Those of tools that name a server of their own; they run for as long as the manual is used.
  const servers = new Map<string, McpSource>();
  const close = async (): Promise<void> => {
    const open = [...servers.values(), ...(inner ? [inner] : [])];
    servers.clear();
    inner = undefined;
    await Promise.all(open.map((source) => source[Symbol.asyncDispose]()));
  };
  return {
    async listTools({ signal }) {
      const { document, url } = await loadManual(template, context, signal);
      if (isRecord(document) && !Array.isArray(document["tools"]) && isOpenapi(document)) {
        const source = createOpenapiSource(openapiManual(template, context, { document, url }));
        await close();
        inner = source;
        return source.listTools({ signal });
      }
      const manual = readManualTools(context.manual, document);
      if (!manual)
        throw manualError(
          context.manual,
          'is neither a UTCP manual (an object with a list "tools") nor an OpenAPI document',
        );
      const allowed = allowedTypes(template);
      const diagnostics = [...manual.diagnostics];
      const tools = manual.tools.flatMap((tool) => {
        const type = typeOf(tool.template);
        if (allowed.has(type)) return [toTool(tool, { context, url, servers })];
        const message = `Tool ${JSON.stringify(tool.name)} of manual "${context.manual}" is left out: it is called by ${JSON.stringify(type)}, which the manual may not use. Add ${JSON.stringify(type)} to its "allowed_communication_protocols" if you trust it.`;
        diagnostics.push({ code: "TOOL_SKIPPED", message });
        return [];
      });
      return { tools, diagnostics };
    },
    [Symbol.asyncDispose]: close,
  };
}

function openServers(template: McpTemplate, context: ManualContext): McpSource {
  const { manual, timeoutMs, identity, handlers, secrets, folder } = context;
  return createMcpSource(template, {
    ...handlers,
    manual,
    timeoutMs,
    secrets: [...secrets],
    identity,
    folder,
  });
}

/** A manual is called the way it was found, unless more is allowed: one from the web must not run commands. */
function allowedTypes(template: CallTemplate): ReadonlySet<string> {
  const { allowed_communication_protocols: allowed, call_template_type: own } = template;
  return new Set(allowed && allowed.length > 0 ? allowed : [own]);
}

function openapiManual(
  template: CallTemplate,
  { manual, timeoutMs, secrets }: ManualContext,
  {
    document,
    url,
  }: { readonly document: Readonly<Record<string, unknown>>; readonly url: URL | undefined },
): Parameters<typeof createOpenapiSource>[0] {
  const headers = "headers" in template && isTexts(template.headers) ? template.headers : {};
  const given: unknown = "base_url" in template ? template.base_url : undefined;
  return {
    manual,
    document,
    url,
    baseUrl: typeof given === "string" ? given : undefined,
    headers,
    auth: template.auth_tools,
    timeoutMs,
    secrets: [...secrets],
  };
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((item) => typeof item === "string");
}

function toTool(tool: ManualTool, shared: ToolContext): UtcpTool {
  const { name, description, inputs, outputs, tags, template } = tool;
  const { manual } = shared.context;
  return {
    template,
    definition: {
      server: manual,
      name,
      canonicalName: canonicalName(manual, name),
      description,
      inputSchema: inputs,
      ...(outputs === undefined ? {} : { outputSchema: outputs }),
      inputExamples: [],
      deferLoading: false,
      annotations: {},
      tags,
      meta: {},
    },
    callTool: (call, options) => callManualTool(call, options, { ...shared, template, inputs }),
  };
}

interface ToolContext {
  readonly context: ManualContext;
  /** Where the manual came from, if from the web. */
  readonly url: URL | undefined;
  /** Servers that have been started, by their call template. */
  readonly servers: Map<string, McpSource>;
}

type CalledTool = Pick<ManualTool, "template" | "inputs">;

async function callManualTool(
  call: ToolCall,
  options: ToolCallOptions,
  { template: raw, inputs, context, url, servers }: ToolContext & CalledTool,
): Promise<ToolResult> {
  const template = readTemplate(raw, context, call.tool);
  if (template.call_template_type === "mcp") {
    const key = JSON.stringify(template);
    const source = servers.get(key) ?? openServers(template, context);
    servers.set(key, source);
    return source.callTool(call, options);
  }
  const value = await callForValue(call, options, { template, context, url, inputs });
  // Not as text: a text that looks like JSON would be taken for it.
  return { content: [], structuredContent: value };
}

interface ValueContext extends Pick<ToolContext, "context" | "url"> {
  readonly inputs: JsonSchema;
  readonly template: Exclude<CallTemplate, McpTemplate>;
}

async function callForValue(
  call: ToolCall,
  options: ToolCallOptions,
  { template, context, inputs, url: declaredBy }: ValueContext,
): Promise<JsonValue> {
  const { manual, client, timeoutMs } = context;
  switch (template.call_template_type) {
    case "text":
      return template.content;
    case "file":
      return readToolFile(template.file_path, call.tool, context);
    case "cli": {
      const own = { ...context, tool: call.tool, secrets: [...context.secrets] };
      return runCommands(template, { ...own, args: call.args, options });
    }
    case "direct-call":
      return callFunction(template, context, {
        tool: call.tool,
        args: call.args,
        inputs,
        signal: options.signal,
      });
    default: {
      const { signal } = options;
      return callWebTool(call, { manual, template, client, timeoutMs, declaredBy, signal });
    }
  }
}

async function readToolFile(
  path: string,
  tool: string,
  { folder }: ManualContext,
): Promise<string> {
  try {
    return await readFile(resolve(folder, path), "utf8");
  } catch (error) {
    const message = `Tool "${tool}" failed: the file "${path}" cannot be read (${networkCode(error) ?? "unknown"}).`;
    throw new CodemodeError("TOOL_FAILED", message, { tool, cause: error });
  }
}
