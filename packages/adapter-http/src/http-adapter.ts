import type { ToolAdapter, ToolAnnotations, ToolCaller, ToolDefinition } from "@codemode/core";
import {
  argumentsError,
  canonicalName,
  CodemodeError,
  createRedactor,
  withRedaction,
} from "@codemode/core";

import { fillRequest } from "./fill-request.ts";
import { optionsError } from "./http-errors.ts";
import type { HttpAdapterOptions, HttpAuth, HttpEndpoint } from "./http-options.ts";
import type { Parameter } from "./http-parameters.ts";
import { readValues, toInputSchema, toParameters } from "./http-parameters.ts";
import { readAnswer } from "./read-answer.ts";
import type { RequestTemplate } from "./request-template.ts";
import { parseRequest } from "./request-template.ts";
import { sendRequest } from "./send-request.ts";

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 2 * 1024 * 1024;

interface HttpTool {
  readonly definition: ToolDefinition;
  readonly endpoint: HttpEndpoint;
  readonly template: RequestTemplate;
  readonly parameters: readonly Parameter[];
}

/**
 * A service as a server: the request of `url` is the tool of its own name, each endpoint another one. What
 * a caller gives never changes where a request goes. Throws `CONFIG_INVALID`.
 */
export function createHttpAdapter(options: HttpAdapterOptions): ToolAdapter {
  const { name, description, auth, timeoutMs = TIMEOUT_MS, maxResponseBytes = MAX_BYTES } = options;
  checkAuth(options);
  const tools = new Map(toTools(options).map((tool) => [tool.definition.name, tool]));
  const { mask } = createRedactor([...(options.secrets ?? []), ...secretsOf(auth)]);
  const callTool: ToolCaller = async (call, { signal }) => {
    const tool = tools.get(call.tool.slice(name.length + 1));
    if (!tool) {
      const message = `Tool "${call.tool}" not found.`;
      throw new CodemodeError("TOOL_NOT_FOUND", message, { tool: call.tool });
    }
    const { template, parameters, endpoint } = tool;
    const read = readValues(parameters, call.args);
    if (read.problems.length > 0) throw argumentsError(call.tool, ...read.problems);
    const { request, problems } = fillRequest(template, read.values, auth);
    if (problems.length > 0) throw argumentsError(call.tool, ...problems);
    const words = { tool: call.tool, origin: template.origin, mask };
    const limits = { signal, timeoutMs, maxBytes: maxResponseBytes };
    const answer = await sendRequest(request, words, limits);
    // Not as text: a text that looks like JSON would be taken for it.
    return { content: [], structuredContent: readAnswer(answer, endpoint.response ?? {}, words) };
  };
  return {
    name,
    ...(description === undefined ? {} : { description }),
    transport: "http",
    listTools: () =>
      Promise.resolve({
        tools: [...tools.values()].map(({ definition }) => definition),
        diagnostics: [],
      }),
    callTool: withRedaction(callTool, secretsOf(auth)),
    // What would be asked of it is not known; a call will tell.
    check: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function toTools(options: HttpAdapterOptions): readonly HttpTool[] {
  const { name, url, baseUrl, endpoints = {} } = options;
  const common = { server: name, commonHeaders: options.headers ?? {} };
  const tools: HttpTool[] = [];
  if (url !== undefined) {
    const template = parseRequest({ ...common, prefix: "", url, urlKey: "url", endpoint: options });
    tools.push(toTool(name, name, { endpoint: options, template }));
  }
  for (const [tool, endpoint] of Object.entries(endpoints)) {
    const prefix = `endpoints.${tool}.`;
    if (baseUrl === undefined) throw optionsError(name, "endpoints", 'need a "base_url"');
    if (tool === name && url !== undefined)
      throw optionsError(name, `endpoints.${tool}`, "has the name of the tool itself; rename it");
    if (!endpoint.path.startsWith("/"))
      throw optionsError(name, `${prefix}path`, 'must begin with "/"');
    const whole = baseUrl.replace(/\/+$/, "") + endpoint.path;
    const urlKey = `${prefix}path`;
    const template = parseRequest({ ...common, prefix, url: whole, urlKey, endpoint });
    tools.push(toTool(name, tool, { endpoint, template, tags: options.tags }));
  }
  if (tools.length === 0)
    throw optionsError(name, "url", 'is missing; give it, or "base_url" and "endpoints"');
  return tools;
}

interface ToolSource {
  readonly endpoint: HttpEndpoint;
  readonly template: RequestTemplate;
  readonly tags?: readonly string[] | undefined;
}

function toTool(
  server: string,
  name: string,
  { endpoint, template, tags = [] }: ToolSource,
): HttpTool {
  const { params = {}, response, description } = endpoint;
  const stranger = Object.keys(params).find((param) => !template.names.includes(param));
  if (stranger !== undefined)
    throw optionsError(server, `params.${stranger}`, "is no placeholder of the request");
  const parameters = toParameters(template.names, params);
  const path = template.path.map(
    (segment) =>
      `/${segment.map((part) => ("text" in part ? part.text : `{${part.name}}`)).join("")}`,
  );
  const output = response?.schema ?? (response?.type === "text" ? { type: "string" } : undefined);
  const definition: ToolDefinition = {
    server,
    name,
    canonicalName: canonicalName(server, name),
    description: description ?? `${template.method} ${template.origin}${path.join("")}`,
    inputSchema: toInputSchema(parameters),
    ...(output === undefined ? {} : { outputSchema: output }),
    inputExamples: [],
    deferLoading: false,
    annotations: { ...hintsOf(template.method), ...endpoint.annotations },
    tags: [...tags, ...(endpoint.tags ?? [])],
    meta: {},
  };
  return { definition, endpoint, template, parameters };
}

/** What a method promises, by the standard. */
function hintsOf(method: string): ToolAnnotations {
  const readOnlyHint = ["GET", "HEAD", "OPTIONS", "QUERY"].includes(method);
  const idempotentHint = readOnlyHint || method === "PUT" || method === "DELETE";
  const destructive = method === "DELETE" ? { destructiveHint: true } : {};
  return { readOnlyHint, idempotentHint, ...destructive, openWorldHint: true };
}

function checkAuth({ name, auth }: HttpAdapterOptions): void {
  if (!auth) return;
  const given = [auth.bearer, auth.basic, auth.apiKey].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw optionsError(name, "auth", "needs exactly one of bearer, basic and api_key");
  const { apiKey } = auth;
  if (apiKey && (apiKey.header === undefined) === (apiKey.query === undefined))
    throw optionsError(name, "auth.api_key", "needs exactly one of header and query");
  if (secretsOf(auth).some((secret) => /[\r\n\0]/.test(secret)))
    throw optionsError(name, "auth", "holds a line end or a NUL");
}

function secretsOf(auth: HttpAuth | undefined): readonly string[] {
  const { bearer, basic, apiKey } = auth ?? {};
  const both = basic ? `${basic.username}:${basic.password}` : undefined;
  const encoded = both === undefined ? undefined : Buffer.from(both).toString("base64");
  return [bearer, basic?.password, encoded, apiKey?.value].filter((one) => one !== undefined);
}
