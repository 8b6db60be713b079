import type { ToolRegistry } from "@codemode/core";
import { createFunctionAdapter, createToolRegistry } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import type { Session } from "@codemode/session";
import { createSession } from "@codemode/session";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { ToolsetResult } from "../src/index.ts";
import { createToolset } from "../src/index.ts";
import { toToolsetResult } from "../src/tools/execute-code.ts";

let registry: ToolRegistry;
let sandbox: Sandbox;
let session: Session;

beforeAll(async () => {
  registry = createToolRegistry();
  registry.addAdapter(
    createFunctionAdapter({
      name: "math",
      tools: {
        add: {
          description: "Adds two numbers.",
          input: {
            type: "object",
            properties: { a: { type: "number" }, b: { type: "number" } },
            required: ["a", "b"],
          },
          run: ({ a, b }) => Number(a) + Number(b),
        },
      },
    }),
  );
  await registry.discoverAll();
  sandbox = createIsolatedVmSandbox();
  session = createSession({ registry, sandbox });
});

afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

function call(name: string, args: unknown, allowDirectToolCalls = false): Promise<ToolsetResult> {
  const tool = createToolset({ session, allowDirectToolCalls }).tools.find(
    (one) => one.name === name,
  );
  return tool ? tool.execute(args) : Promise.reject(new Error(`no tool ${name}`));
}

test("all definitions together cost a model at most 600 tokens", () => {
  const { tools } = createToolset({ session, allowDirectToolCalls: true });
  const sent = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  }));

  expect(countTokens(JSON.stringify(sent))).toBeLessThanOrEqual(600);
});

test("direct calls are there only where they are allowed", async () => {
  expect(createToolset({ session }).tools.map(({ name }) => name)).toEqual([
    "execute_code",
    "get_tool_details",
    "list_servers",
    "list_tool_names",
    "search_tools",
  ]);
  expect(await call("call_tool", { name: "math.add", arguments: { a: 1, b: 2 } }, true)).toEqual({
    structuredContent: { ok: true, result: 3 },
    isError: false,
  });
});

test("a program's result leaves out what is empty, and its session goes on", async () => {
  const first = await call("execute_code", {
    code: 'const x = await math.add({ a: 1, b: 2 }); console.log("added"); x',
  });
  const handle = first.structuredContent["session"];
  const second = await call("execute_code", { code: "x * 2", session: handle });

  expect(first).toEqual({
    isError: false,
    structuredContent: {
      ok: true,
      result: 3,
      logs: ["added"],
      calls: { "math.add": 1 },
      session: handle,
    },
  });
  expect(second.structuredContent).toEqual({ ok: true, result: 6, session: handle });
});

test("a program's failure says where and what next", async () => {
  const { structuredContent, isError } = await call("execute_code", {
    code: "const a = 1;\nawait math.add({ a: 'x' })",
  });

  expect(isError).toBe(true);
  expect(structuredContent).toMatchObject({
    ok: false,
    error: {
      code: "INVALID_ARGUMENTS",
      tool: "math.add",
      line: 2,
      frame: expect.stringContaining("> 2 |"),
      hints: [expect.stringContaining("math.add(input: { a: number; b: number })")],
    },
  });
});

test("wrong arguments of a meta-tool are all named", async () => {
  const result = await call("execute_code", { code: 5, timeout: 1 });
  const misspelt = await call("search_tools", { qurey: "add" });

  expect(result).toMatchObject({
    isError: true,
    structuredContent: {
      ok: false,
      error: {
        code: "INVALID_ARGUMENTS",
        message: expect.stringContaining("code: must be a string, not a number"),
      },
    },
  });
  expect(misspelt.structuredContent).toMatchObject({
    error: {
      message:
        'Wrong arguments for "search_tools": query: is missing; qurey: no such argument. Did you mean "query"?',
    },
  });
  expect(JSON.stringify(result.structuredContent)).toContain("timeout");
});

test("searching, naming and describing lead to the same tool", async () => {
  const found = await call("search_tools", { query: ["sum", "add numbers"] });
  const names = await call("list_tool_names", { keywords: ["adds"] });
  const details = await call("get_tool_details", { names: ["math.add"], schemas: true });
  const servers = await call("list_servers", {});

  expect(found.structuredContent).toMatchObject({
    total: 1,
    tools: [{ name: "math.add", summary: "Adds two numbers." }],
  });
  expect(names.structuredContent).toEqual({ names: ["math.add"], total: 1 });
  expect(details.structuredContent).toMatchObject({
    tools: [
      {
        name: "math.add",
        declaration: expect.stringContaining("/** Adds two numbers. */"),
        inputSchema: { type: "object" },
      },
    ],
  });
  expect(servers.structuredContent).toEqual({
    servers: [{ name: "math", status: "connected", tools: 1 }],
  });
});

test("an unknown tool is answered with the nearest", async () => {
  expect(await call("get_tool_details", { names: ["math.ad"] })).toMatchObject({
    isError: true,
    structuredContent: {
      error: {
        code: "TOOL_NOT_FOUND",
        message: expect.stringContaining('Did you mean "math.add"?'),
      },
    },
  });
});

test.each([
  ["maths", 'Did you mean "math"?'],
  ["nope", 'The servers are "math".'],
])("a search of server %j, which there is not, says so", async (server, hint) => {
  const searched = await call("search_tools", { query: "add", server });
  const code = `await tools.search("add", { server: "${server}" }).catch(({ code, message }) => [code, message])`;
  const ran = await call("execute_code", { code });

  const message = expect.stringContaining(hint);
  expect(searched).toMatchObject({
    isError: true,
    structuredContent: { error: { code: "SERVER_NOT_FOUND", message } },
  });
  expect(ran.structuredContent).toMatchObject({ ok: true, result: ["SERVER_NOT_FOUND", message] });
});

test("a search's hint names the words that no tool knows", async () => {
  const nothing = await call("search_tools", { query: "unicorns" });
  const weak = await call("search_tools", { query: "add unicorns and dragons in Paris" });

  expect(nothing.structuredContent).toMatchObject({
    total: 0,
    hint: expect.stringContaining('No tool knows "unicorns".'),
  });
  expect(weak.structuredContent).toMatchObject({
    total: 1,
    hint: 'The matches are weak. No tool knows "unicorns", "dragons", "paris". Try other words.',
  });
});

test("a warning begins with its code, and its line where it has one", async () => {
  const { structuredContent } = await call("execute_code", { code: "new Map([[1, 2]])" });
  const { structuredContent: lined } = toToolsetResult({
    ok: true,
    value: 1,
    logs: [],
    calls: [],
    warnings: [{ code: "VALUE_CONVERTED", message: "A Map became an object.", line: 3 }],
    session: "",
    executionId: "e1",
    durationMs: 1,
  });

  expect(structuredContent["warnings"]).toEqual([expect.stringMatching(/^\[VALUE_CONVERTED\] /)]);
  expect(lined["warnings"]).toEqual(["[VALUE_CONVERTED line 3] A Map became an object."]);
});

test("a program that gave nothing is told of return, one that gave something is not", async () => {
  const codes = ["function run() { return 42 }", "console.log(1)", "0"];

  const [nothing, log, value] = await Promise.all(
    codes.map((code) => call("execute_code", { code })),
  );

  expect(nothing?.structuredContent).toMatchObject({
    ok: true,
    hint: expect.stringContaining("end it with an expression or a return"),
  });
  expect(log?.structuredContent).not.toHaveProperty("hint");
  expect(value?.structuredContent).not.toHaveProperty("hint");
});

test("no names of a server that failed come with the reason", async () => {
  await using broken = createToolRegistry();
  broken.addAdapter({
    ...createFunctionAdapter({ name: "gone", tools: {} }),
    listTools: () => Promise.reject(new Error("it is away")),
  });
  await broken.discoverAll();
  await using other = createSession({ registry: broken, sandbox });
  const list = createToolset({ session: other }).tools.find(
    ({ name }) => name === "list_tool_names",
  );

  const listed = await list?.execute({ server: "gone" });

  expect(listed?.structuredContent).toMatchObject({
    names: [],
    hint: expect.stringContaining('Server "gone" failed.'),
  });
});
