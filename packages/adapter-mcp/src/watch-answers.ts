import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";

import type { RequestId } from "./broken-reply.ts";
import { BROKEN_REPLY_CODE } from "./broken-reply.ts";
import type { PendingRequests } from "./pending-requests.ts";

/** Where the answer stands as the server gave it, when the SDK has been shown a tidy one. */
export const RAW_ANSWER = "codemode.raw";

/**
 * Stands between a connected transport and its client. The client checks answers of revision
 * 2026-07-28 as a whole, so one malformed tool would cost the listing: it gets a tidy answer with the
 * original beside it. And it leaves whoever waits for a broken answer waiting: they are told at once.
 */
export function watchAnswers(
  transport: Transport,
  pending: PendingRequests,
  isModern: boolean,
): void {
  const { onmessage: deliver, onerror: report } = transport;
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    pending.sent(message);
    return send(message, options);
  };
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has a property for it, not events
  transport.onmessage = (message, extra) => {
    const method = pending.answered(message);
    deliver?.(isModern ? tidied(message, method) : message, extra);
  };
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has a property for it, not events
  transport.onerror = (error) => {
    report?.(error);
    const [id, ...others] = pending.keys();
    const isUnreadable = error instanceof SyntaxError || error.name.includes("ZodError");
    if (isUnreadable && id !== undefined && others.length === 0)
      transport.onmessage?.(failed(id, BROKEN_REPLY_CODE, "the answer is no JSON-RPC"));
  };
}

/** Tells whoever waits for this request that its connection is gone, if somebody still does. */
export function failPending(transport: Transport, pending: PendingRequests, id: RequestId): void {
  if (pending.has(id)) transport.onmessage?.(failed(id, -32_000, "Connection closed"));
}

function failed(id: RequestId, code: number, message: string): JSONRPCMessage {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

const TIDY: ReadonlyMap<string | undefined, Readonly<Record<string, unknown>>> = new Map([
  ["tools/list", { tools: [], nextCursor: undefined, ttlMs: 0, cacheScope: "private" }],
  ["resources/list", { resources: [], nextCursor: undefined, ttlMs: 0, cacheScope: "private" }],
  [
    "resources/templates/list",
    { resourceTemplates: [], nextCursor: undefined, ttlMs: 0, cacheScope: "private" },
  ],
  ["resources/read", { contents: [], ttlMs: 0, cacheScope: "private" }],
  ["prompts/list", { prompts: [], nextCursor: undefined, ttlMs: 0, cacheScope: "private" }],
  ["prompts/get", { description: undefined, messages: [] }],
  ["tools/call", { content: [], structuredContent: undefined, isError: undefined }],
]);

function tidied(message: JSONRPCMessage, method: string | undefined): JSONRPCMessage {
  const tidy = TIDY.get(method);
  if (!tidy || !("result" in message)) return message;
  const { result } = message;
  // Whatever is not complete asks for something, which the client refuses by itself.
  const { resultType = "complete" } = result;
  if (resultType !== "complete") return message;
  const read = method === "resources/read" ? plainContents(result["contents"]) : {};
  return { ...message, result: { resultType, ...tidy, ...read, [RAW_ANSWER]: result } };
}

/** What nothing is wrong with is shown as it is: the SDK itself reads the files of skills. */
function plainContents(contents: unknown): { readonly contents?: readonly unknown[] } {
  return Array.isArray(contents) && contents.every(isPlainContent) ? { contents } : {};
}

function isPlainContent(content: unknown): boolean {
  if (typeof content !== "object" || content === null) return false;
  const { uri, text, blob, mimeType, _meta }: Partial<Record<string, unknown>> = { ...content };
  const hasContent = typeof text === "string" || typeof blob === "string";
  return (
    typeof uri === "string" &&
    hasContent &&
    _meta === undefined &&
    (mimeType === undefined || typeof mimeType === "string")
  );
}
