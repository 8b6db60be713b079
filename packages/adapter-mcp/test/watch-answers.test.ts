import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";

import { createPendingRequests } from "../src/pending-requests.ts";
import { failPending, RAW_ANSWER, watchAnswers } from "../src/watch-answers.ts";

/** A transport in memory: what a client got of it, and how a server's words come in. */
function watched(isModern: boolean) {
  const delivered: JSONRPCMessage[] = [];
  const reported: string[] = [];
  const transport: Transport = {
    start: async () => undefined,
    send: async () => undefined,
    close: async () => undefined,
    onmessage: (message) => void delivered.push(message),
    onerror: ({ message }) => void reported.push(message),
  };
  const pending = createPendingRequests();
  watchAnswers(transport, pending, isModern);
  const ask = (id: number, method: string) =>
    transport.send({ jsonrpc: "2.0", id, method, params: {} });
  return { transport, pending, delivered, reported, ask };
}

const answer = (id: number, result: Record<string, unknown>): JSONRPCMessage => ({
  jsonrpc: "2.0",
  id,
  result,
});

test("an answer of the older revisions comes through as it is", async () => {
  const { transport, delivered, pending, ask } = watched(false);
  const message = answer(1, { tools: ["nonsense"] });
  await ask(1, "tools/list");

  transport.onmessage?.(message);

  expect(delivered).toEqual([message]);
  expect(pending.size).toBe(0);
});

test.each([
  ["tools/list", { tools: ["nonsense"] }, { tools: [] }],
  ["tools/call", { content: "bare" }, { content: [] }],
])("a modern answer to %s is made tidy, with the original beside it", async (method, raw, tidy) => {
  const { transport, delivered, ask } = watched(true);
  await ask(1, method);

  transport.onmessage?.(answer(1, raw));

  expect(delivered).toMatchObject([
    { id: 1, result: { ...tidy, resultType: "complete", [RAW_ANSWER]: raw } },
  ]);
});

test("a modern answer that asks for something, or is to something else, stays as it is", async () => {
  const { transport, delivered, ask } = watched(true);
  const messages = [
    answer(1, { resultType: "input_required", inputRequests: {} }),
    answer(2, { pong: true }),
    answer(3, { tools: [] }),
  ];
  await ask(1, "tools/call");
  await ask(2, "ping");

  for (const message of messages) transport.onmessage?.(message);

  expect(delivered).toEqual(messages);
});

test.each([
  [new SyntaxError("no JSON"), 1],
  [Object.assign(new Error("no message"), { name: "ZodError" }), 1],
  [new Error("something else"), 0],
])("%s fails the one request that waits", async (error, count) => {
  const { transport, delivered, reported, ask } = watched(false);
  await ask(7, "tools/call");

  transport.onerror?.(error);

  expect(reported).toEqual([error.message]);
  expect(delivered).toHaveLength(count);
  expect(delivered.every((message) => "error" in message && message.id === 7)).toBe(true);
});

test("an unreadable answer fails nobody where several wait: it may be anyone's", async () => {
  const { transport, delivered, ask } = watched(false);
  await ask(1, "tools/call");
  await ask(2, "tools/call");

  transport.onerror?.(new SyntaxError("no JSON"));

  expect(delivered).toEqual([]);
});

test("a request whose connection is gone fails once, unless it was answered or given up", async () => {
  const { transport, pending, delivered, ask } = watched(false);
  for (const id of [1, 2, 3]) void ask(id, "tools/call");
  transport.onmessage?.(answer(1, {}));
  await transport.send({
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { requestId: 2 },
  });

  for (const id of [1, 2, 3, 3]) failPending(transport, pending, id);

  expect(delivered.map((message) => "id" in message && message.id)).toEqual([1, 3]);
});
