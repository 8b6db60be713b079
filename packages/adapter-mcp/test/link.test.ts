import type { ToolAdapter, ToolResult } from "@codemode/core";
import { expect, test } from "vitest";

import { backOffMs } from "../src/connections.ts";
import { createMcpAdapter } from "../src/index.ts";
import type { FakeClients } from "./fixtures/fake-client.ts";
import { createFakeClients } from "./fixtures/fake-client.ts";

const adapterOf = ({ connect }: FakeClients): ToolAdapter =>
  createMcpAdapter({ name: "web", client: connect });

function call(adapter: ToolAdapter, signal = AbortSignal.timeout(60_000)): Promise<ToolResult> {
  const request = { tool: "web.run", args: {}, callId: "c", executionId: "e" };
  return adapter.callTool(request, { signal });
}

const fine = () => ({ content: [{ type: "text", text: "fine" }] });
const lost = (): never => {
  throw Object.assign(new Error("Connection closed"), { code: "CONNECTION_CLOSED" });
};
const forgotten = (): never => {
  throw Object.assign(new Error("Session not found"), { status: 404 });
};

test("one connection serves all, and is made at the first use", async () => {
  const clients = createFakeClients(() => fine);
  await using adapter = adapterOf(clients);
  expect(clients.times).toHaveLength(0);

  await Promise.all([call(adapter), call(adapter), call(adapter)]);

  expect(clients.times).toHaveLength(1);
  expect(clients.asked).toEqual(["1 tools/call", "1 tools/call", "1 tools/call"]);
});

test("a call under way when the connection is lost fails and is not sent again", async () => {
  const clients = createFakeClients((generation) => (generation === 1 ? lost : fine));
  await using adapter = adapterOf(clients);

  await expect(call(adapter)).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: expect.stringContaining('Whether "web.run" took effect is not known'),
  });
  await call(adapter);

  expect(clients.asked).toEqual(["1 tools/call", "2 tools/call"]);
  expect(clients.closed).toEqual([1]);
});

test("a call that the server refused for its session is sent once more, in a new one", async () => {
  const clients = createFakeClients((generation) => (generation === 1 ? forgotten : fine));
  await using adapter = adapterOf(clients);

  const results = await Promise.all([call(adapter), call(adapter)]);

  expect(results).toMatchObject([fine(), fine()]);
  expect(clients.asked.toSorted()).toEqual([
    "1 tools/call",
    "1 tools/call",
    "2 tools/call",
    "2 tools/call",
  ]);
  expect(clients.closed).toEqual([1]);
});

test("a forgotten session is closed only when the last call in it has its answer", async () => {
  const slow = Promise.withResolvers<unknown>();
  let calls = 0;
  const clients = createFakeClients((generation) => () => {
    if (generation > 1) return fine();
    calls += 1;
    return calls === 1 ? slow.promise : forgotten();
  });
  await using adapter = adapterOf(clients);

  const first = call(adapter);
  await call(adapter);
  const closedBefore = [...clients.closed];
  slow.resolve({ content: [{ type: "text", text: "slow" }] });

  expect(await first).toMatchObject({ content: [{ text: "slow" }] });
  expect(closedBefore).toEqual([]);
  expect(clients.closed).toEqual([1]);
});

test("a client that was given as an object is asked once, and what to do is told", async () => {
  const clients = createFakeClients(() => forgotten);
  await using adapter = createMcpAdapter({ name: "web", client: clients.connect() });

  await expect(call(adapter)).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE" });

  expect(clients.asked).toEqual(["1 tools/call"]);
});

test("a lost client that cannot be made anew says so; so does one that cannot be made", async () => {
  const clients = createFakeClients(() => lost);
  await using given = createMcpAdapter({ name: "web", client: clients.connect() });
  await using failing = createMcpAdapter({
    name: "web",
    client: () => Promise.reject(new Error("no licence")),
  });
  await using hanging = createMcpAdapter({
    name: "web",
    client: () => new Promise(() => undefined),
    connectTimeoutMs: 20,
  });

  await expect(call(given)).rejects.toMatchObject({
    message: expect.stringContaining('give a function as its "client"'),
  });
  await expect(call(failing)).rejects.toMatchObject({
    code: "SERVER_UNAVAILABLE",
    message: 'Server "web" has no client: the function given as "client" failed: no licence',
  });
  await expect(call(hanging)).rejects.toMatchObject({ code: "SERVER_TIMEOUT" });
});

test("whoever gives up does not send a second time", async () => {
  const controller = new AbortController();
  const clients = createFakeClients(() => () => {
    controller.abort();
    return forgotten();
  });
  await using adapter = adapterOf(clients);

  await expect(call(adapter, controller.signal)).rejects.toMatchObject({ code: "CANCELLED" });

  expect(clients.asked).toHaveLength(1);
});

test("what fails again and again is reached ever more slowly, until it works", async () => {
  expect([0, 1, 2, 3, 4, 8, 50].map(backOffMs)).toEqual([0, 0, 100, 200, 400, 5_000, 5_000]);
  const clients = createFakeClients((generation) => {
    if (generation < 4) throw new Error("not there");
    return generation === 4 ? fine : lost;
  });
  await using adapter = adapterOf(clients);

  for (let attempt = 1; attempt < 4; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt follows the failure before it
    await expect(call(adapter)).rejects.toMatchObject({ code: expect.any(String) });
  }
  await call(adapter);

  const [first = 0, second = 0, third = 0, fourth = 0] = clients.times;
  expect(third - second).toBeGreaterThan(90);
  expect(fourth - third).toBeGreaterThan(190);
  expect(fourth - first).toBeGreaterThan(280);
});

test("who waits for the next attempt can give up, and closing ends the wait", async () => {
  const clients = createFakeClients(() => {
    throw new Error("not there");
  });
  const adapter = adapterOf(clients);
  // The next attempt is more than a second away.
  for (let attempt = 0; attempt < 6; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt follows the failure before it
    await call(adapter).catch(() => undefined);
  }

  const early = AbortSignal.timeout(20);
  await expect(call(adapter, early)).rejects.toMatchObject({ code: "CANCELLED" });
  const waiting = call(adapter);
  await adapter[Symbol.asyncDispose]();

  await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining("was closed") });
  expect(clients.times).toHaveLength(6);
});
