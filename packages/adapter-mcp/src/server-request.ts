import type { ToolDefinition, ToolProgress, ToolResult } from "@codemode/core";
import { schemaProblem } from "@codemode/core";
import { z } from "zod";

import { toToolResult } from "./call-result.ts";
import { codeOf } from "./error-cause.ts";
import type { PageReader } from "./list-tools.ts";
import { toolPageSchema } from "./list-tools.ts";
import type { McpClientLike } from "./mcp-options.ts";
import type { ServerFeature } from "./server-features.ts";
import { RAW_ANSWER } from "./watch-answers.ts";
import { wireProblem } from "./wire-problem.ts";

/** What goes with a request. */
export interface RequestOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined;
}

const METHOD_NOT_FOUND = -32_601;
const MAX_PAGES = 1_000;

/** Reads pages of tools, all of them together within one time limit. */
export function toolPageReader(client: McpClientLike, options: RequestOptions): PageReader {
  const readPage = pagesOf(client, "tools/list", options);
  return async (cursor) => {
    try {
      return toolPageSchema.parse(await readPage(cursor), { error: schemaProblem });
    } catch (error) {
      // Prompts or resources are all that some servers have.
      if (codeOf(error) === METHOD_NOT_FOUND) return { tools: [] };
      if (error instanceof z.ZodError)
        throw new TypeError(`the list of tools is none: ${wireProblem(error)}`, { cause: error });
      throw error;
    }
  };
}

/** Calls a tool. */
export async function callTool(
  client: McpClientLike,
  params: { readonly name: string; readonly arguments: Record<string, unknown> },
  options: RequestOptions & { readonly definition?: ToolDefinition | undefined },
): Promise<ToolResult> {
  const { definition } = options;
  if (definition && client.callTool) {
    // Only this way the SDK sends arguments as headers; what answers are checked against is left out.
    const toolDefinition = { name: definition.name, inputSchema: definition.inputSchema };
    const given = { ...toSendOptions(options), toolDefinition };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each SDK names its own options
    const answer = anyAnswer.parse(await client.callTool(params, given as never));
    return toToolResult(answer[RAW_ANSWER] ?? answer);
  }
  const request = { method: "tools/call", params };
  return toToolResult(await send(client, request, toSendOptions(options)));
}

/** Calls what is no tool of the server's; a list is read to its end. */
export async function callFeature(
  client: McpClientLike,
  call: { readonly feature: ServerFeature; readonly args: Record<string, unknown> },
  options: RequestOptions,
): Promise<ToolResult> {
  const { method, pages } = call.feature;
  const answer =
    pages === undefined
      ? await send(client, { method, params: call.args }, toSendOptions(options))
      : { [pages]: await readAll(pagesOf(client, method, options), pages) };
  const { _meta: _, resultType: __, ttlMs: ___, cacheScope: ____, ...value } = answer;
  // The limits of a tool's answer hold for these too.
  return toToolResult({ content: [], structuredContent: value });
}

async function readAll(
  readPage: (cursor?: string) => Promise<Record<string, unknown>>,
  key: string,
): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a page's cursor stands in the page before it
    const { [key]: listed, nextCursor } = await readPage(cursor);
    if (!Array.isArray(listed)) throw new TypeError(`its "${key}" is no list`);
    for (const item of listed) items.push(item);
    if (typeof nextCursor !== "string" || nextCursor === "" || cursors.has(nextCursor)) break;
    cursors.add(nextCursor);
    cursor = nextCursor;
  }
  return items;
}

function pagesOf(
  client: McpClientLike,
  method: string,
  { signal, timeoutMs }: RequestOptions,
): (cursor?: string) => Promise<Record<string, unknown>> {
  const start = performance.now();
  return (cursor) => {
    const timeout = Math.max(1, timeoutMs - (performance.now() - start));
    const params = cursor === undefined ? {} : { cursor };
    return send(client, { method, params }, { signal, timeout });
  };
}

type SendOptions = NonNullable<Parameters<McpClientLike["request"]>[2]>;

// Of a server's own text in an event.
const MAX_MESSAGE = 500;

function toSendOptions({ signal, timeoutMs, onProgress }: RequestOptions): SendOptions {
  const options = { signal, timeout: timeoutMs };
  if (!onProgress) return options;
  const onprogress: SendOptions["onprogress"] = ({ progress, total, message }) =>
    onProgress({
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message: message.slice(0, MAX_MESSAGE) }),
    });
  return { ...options, onprogress };
}

/** One request whose answer is checked by us alone: the SDK would refuse a whole list for one item. */
async function send(
  client: McpClientLike,
  { method, params }: { readonly method: string; readonly params: Record<string, unknown> },
  options: SendOptions,
): Promise<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each SDK names its own schema type; both take a zod schema
  const resultSchema = anyAnswer as never;
  const answer = anyAnswer.parse(await client.request({ method, params }, resultSchema, options));
  const { [RAW_ANSWER]: raw } = answer;
  return raw === undefined ? answer : anyAnswer.parse(raw);
}

const anyAnswer = z.looseObject({});
