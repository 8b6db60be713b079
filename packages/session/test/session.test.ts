import type { JsonValue, ToolRegistry } from "@codemode/core";
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { ExecuteRequest } from "@codemode/sandbox";
import { createArtifactStore, createMemoryStorage } from "@codemode/storage";
import { expect, test } from "vitest";

import type { AuditRecord, SessionOptions } from "../src/index.ts";
import { createSession } from "../src/index.ts";
import type { FakeProgram } from "./fake-sandbox.ts";
import { createFakeSandbox } from "./fake-sandbox.ts";

const ITEM = { type: "object", properties: { item: { type: "string" } }, required: ["item"] };

async function shop(run: (args: unknown) => unknown = () => "done"): Promise<ToolRegistry> {
  const registry = createToolRegistry();
  const add = { description: "Adds an item to the basket.", input: ITEM, run };
  registry.addAdapter(createFunctionAdapter({ name: "shop", tools: { add } }));
  await registry.discoverAll();
  return registry;
}

/** One execution of `program` in a session of its own. */
async function execute(program: FakeProgram, options: Partial<SessionOptions> = {}) {
  await using registry = options.registry ?? (await shop());
  await using sandbox = createFakeSandbox(program);
  await using session = createSession({ ...options, registry, sandbox });
  return await session.execute("1", {});
}

function call(request: ExecuteRequest, tool: string, args: JsonValue = {}): Promise<JsonValue> {
  const { executionId } = request;
  const options = { signal: AbortSignal.timeout(60_000) };
  return request.callTool({ callId: "1", executionId, tool, args, raw: false }, options);
}

test("a program's call is validated, made and unwrapped; its value is the result", async () => {
  const registry = await shop((args) => ({ basket: [args] }));

  const result = await execute((request) => call(request, "shop.add", { item: "pen" }), {
    registry,
  });

  expect(result).toMatchObject({ ok: true, value: { basket: [{ item: "pen" }] } });
});

test("wrong arguments never reach the tool, and the right call is a hint", async () => {
  const given: unknown[] = [];
  const registry = await shop((args) => given.push(args));

  const result = await execute((request) => call(request, "shop.add", { itme: "pen" }), {
    registry,
  });

  expect(result).toMatchObject({
    ok: false,
    error: {
      code: "INVALID_ARGUMENTS",
      hints: ["Call it as: shop.add(input: { item: string }): Promise<any>"],
    },
  });
  expect(given).toEqual([]);
});

test("arguments that are no object are refused with what they were", async () => {
  const array = await execute((request) => call(request, "shop.add", ["pen"]));
  const text = await execute((request) => call(request, "shop.add", "pen"));

  expect(array).toMatchObject({ error: { message: expect.stringContaining("not an array") } });
  expect(text).toMatchObject({ error: { message: expect.stringContaining("not a string") } });
});

test("every execution has a budget of its own", async () => {
  await using registry = await shop();
  await using sandbox = createFakeSandbox(async (request) => {
    await call(request, "shop.add", { item: "a" });
    return call(request, "shop.add", { item: "b" });
  });
  await using tight = createSession({ registry, sandbox, maxToolCalls: 1 });
  await using enough = createSession({ registry, sandbox, maxToolCalls: 2 });

  const refused = await tight.execute("1");
  const first = await enough.execute("1");
  const second = await enough.execute("1");

  expect(refused).toMatchObject({ ok: false, error: { code: "TOOL_LIMIT" } });
  expect([first.ok, second.ok]).toEqual([true, true]);
});

test("a program sees the tools of the registry; artifacts and skills only where the session has them", async () => {
  const catalogs: unknown[] = [];

  await execute(async ({ catalog }) => {
    catalogs.push(catalog);
    return null;
  });

  expect(catalogs).toMatchObject([
    {
      servers: [{ server: "shop", identifier: "shop", tools: [{ tool: "shop.add" }] }],
      features: ["deps"],
    },
  ]);
});

test("one catalog serves all executions until the registry changes", async () => {
  await using registry = await shop();
  const catalogs: unknown[] = [];
  await using sandbox = createFakeSandbox(async ({ catalog }) => void catalogs.push(catalog));
  await using session = createSession({ registry, sandbox });

  await session.execute("1");
  await session.execute("2");
  registry.addAdapter(createFunctionAdapter({ name: "bank", tools: {} }));
  await registry.discover("bank");
  await session.execute("3");

  expect(catalogs[1]).toBe(catalogs[0]);
  expect(catalogs[2]).not.toBe(catalogs[0]);
});

test("limits are the session's, and the time is what an execution asks for", async () => {
  await using registry = await shop();
  const limits: unknown[] = [];
  await using sandbox = createFakeSandbox(async (request) => void limits.push(request.limits));
  await using session = createSession({ registry, sandbox, limits: { maxValueBytes: 10 } });

  await session.execute("1");
  await session.execute("1", { timeoutMs: 50 });

  expect(limits).toEqual([{ maxValueBytes: 10 }, { maxValueBytes: 10, timeoutMs: 50 }]);
});

test("a value that is too large is kept as an artifact, and its beginning is shown", async () => {
  await using storage = createMemoryStorage();
  await using registry = await shop();
  const artifacts = createArtifactStore({ storage });
  const value = "x".repeat(5_000);
  const sandbox = createFakeSandbox(async () => value);
  const large = { ...sandbox, openSession: () => openLarge(sandbox) };
  await using session = createSession({ registry, sandbox: large, artifacts });

  const result = await session.execute("1");

  expect(result).toMatchObject({
    ok: true,
    value: expect.stringContaining("... [cut: a text of 5000 characters"),
    stored: { artifact: `results/${result.executionId}` },
  });
  await expect(artifacts.load(`results/${result.executionId}`)).resolves.toBe(value);
});

/** A guest whose every value is over the limit. */
async function openLarge(sandbox: ReturnType<typeof createFakeSandbox>) {
  const guest = await sandbox.openSession({ id: "large" });
  return {
    ...guest,
    async execute(request: ExecuteRequest) {
      return { ...(await guest.execute(request)), valueLength: 5_002 };
    },
  };
}

test("executions and calls are told to the audit, whose failure is not the program's", async () => {
  const records: AuditRecord[] = [];
  const onAudit = (record: AuditRecord): never => {
    records.push(record);
    throw new Error("The disk is full.");
  };

  const result = await execute((request) => call(request, "shop.add", { item: "s3cret" }), {
    onAudit,
  });

  expect(result.ok).toBe(true);
  expect(records).toMatchObject([
    { type: "tool_call", tool: "shop.add", ok: true },
    { type: "execution", executionId: result.executionId, ok: true },
  ]);
  expect(JSON.stringify(records)).not.toContain("s3cret");
});

test("a direct call goes the same path and has a deadline, also of a tool that does not look at its signal", async () => {
  await using registry = await shop(() => new Promise(() => undefined));
  await using sandbox = createFakeSandbox(async () => null);
  await using session = createSession({ registry, sandbox, limits: { toolTimeoutMs: 20 } });

  const wrong = session.callTool("shop.add", {});
  await expect(wrong).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
  const late = session.callTool("shop.add", { item: "pen" });

  await expect(late).rejects.toMatchObject({
    code: "TOOL_TIMEOUT",
    message: expect.stringContaining('"shop.add" did not answer within 20 ms'),
  });
});

test("a direct call that nobody waits for any more is cancelled at once", async () => {
  await using registry = await shop(() => new Promise(() => undefined));
  await using sandbox = createFakeSandbox(async () => null);
  await using session = createSession({ registry, sandbox });
  const caller = new AbortController();

  const called = session.callTool("shop.add", { item: "pen" }, { signal: caller.signal });
  caller.abort();

  await expect(called).rejects.toMatchObject({ code: "CANCELLED", tool: "shop.add" });
});

test("a session that is closed says so, and closes its guests, neither sandbox nor registry", async () => {
  await using registry = await shop();
  await using sandbox = createFakeSandbox(async () => null);
  const session = createSession({ registry, sandbox });
  const { session: handle } = await session.execute("1");

  await session[Symbol.asyncDispose]();

  await expect(session.execute("1")).rejects.toMatchObject({ code: "SANDBOX_DISPOSED" });
  await expect(session.callTool("shop.add", {})).rejects.toMatchObject({
    code: "SANDBOX_DISPOSED",
  });
  expect(sandbox.closed).toEqual([handle]);
  expect(registry.get("shop.add")).toBeDefined();
});
