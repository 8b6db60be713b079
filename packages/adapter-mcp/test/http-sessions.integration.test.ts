import { expect, test } from "vitest";

import type { Fault } from "./fixtures/fault-server.ts";
import { answer, connect, reject, run, startFaultServer } from "./fixtures/fault-server.ts";

/** Knows a session until it is restarted, as a server that keeps its sessions in memory does. */
function withSessions(lost: Fault): { faults: Map<string, Fault>; restart: () => void } {
  let generation = 1;
  const isKnown = (session: unknown) => session === `s${generation}`;
  const guarded =
    (inner: Fault): Fault =>
    (response, message, request) =>
      (isKnown(request.headers["mcp-session-id"]) ? inner : lost)(response, message, request);
  const faults = new Map<string, Fault>([
    [
      "POST initialize",
      (response, message) => {
        response.setHeader("mcp-session-id", `s${generation}`);
        answer(response, message, {
          protocolVersion: "2025-06-18",
          capabilities: { tools: {} },
          serverInfo: { name: "fault", version: "1.0.0" },
        });
      },
    ],
    [
      "POST tools/call",
      guarded((response, message) =>
        answer(response, message, { content: [{ type: "text", text: `from ${generation}` }] }),
      ),
    ],
  ]);
  return { faults, restart: () => void (generation += 1) };
}

test.each([
  ["404", reject(404, "Session not found")],
  ["404 without a word", reject(404, "")],
  [
    "400 of JSON-RPC",
    reject(
      400,
      '{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}',
    ),
  ],
])("calls go on in a new session when the server has lost its own (%s)", async (_how, lost) => {
  await using server = await startFaultServer();
  const { faults, restart } = withSessions(lost);
  for (const [name, fault] of faults) server.faults.set(name, fault);
  await using adapter = connect(server.url);
  await run(adapter);
  restart();

  const results = await Promise.all([run(adapter), run(adapter), run(adapter)]);

  expect(results.map(({ content }) => content[0]?.text)).toEqual(["from 2", "from 2", "from 2"]);
  expect(server.seen.filter((name) => name === "POST initialize")).toHaveLength(2);
  expect(server.seen.filter((name) => name === "POST tools/call")).toHaveLength(1 + 3 + 3);
});

test("a call that no session will take is sent twice and no more", async () => {
  await using server = await startFaultServer();
  server.faults.set("POST tools/call", reject(404, "Session not found"));
  await using adapter = connect(server.url);

  await expect(run(adapter)).rejects.toThrow(/has nothing at the path.*"web.run" was not run\.$/);

  expect(server.seen.filter((name) => name === "POST tools/call")).toHaveLength(2);
});

test("a session is ended with the connection, and a server that does not answer that is not waited for", async () => {
  await using server = await startFaultServer();
  const { faults } = withSessions(reject(404, ""));
  for (const [name, fault] of faults) server.faults.set(name, fault);
  const ended: unknown[] = [];
  server.faults.set("DELETE", (_response, _message, { headers }) => {
    ended.push(headers["mcp-session-id"]);
  });
  const adapter = connect(server.url);
  await run(adapter);

  await adapter[Symbol.asyncDispose]();

  expect(ended).toEqual(["s1"]);
});
