import type { AuditRecord } from "@codemode/session";
import { expect, test } from "vitest";

import { setUpShop } from "./shop.ts";

const open = setUpShop();

test("a program calls a tool, defaults applied, and gives its value", async () => {
  await using session = open();

  const result = await session.execute('(await shop.get_price({ article: "pen" })).currency');

  expect(result).toMatchObject({
    ok: true,
    value: "EUR",
    calls: [{ tool: "shop.get-price", ok: true }],
  });
});

test.each([
  'await shop.get_price({ article: "pen" })',
  'await shop["get-price"]({ article: "pen" })',
  'await tools.shop.get_price({ article: "pen" })',
  'await tools.call("shop.get-price", { article: "pen" })',
  'await tools.call("shop__get-price", { article: "pen" })',
  'import { get_price } from "generated/servers/shop";\nawait get_price({ article: "pen" })',
  'import * as shop2 from "generated/mcp/shop";\nawait shop2.get_price({ article: "pen" })',
  '(await shop.get_price.raw({ article: "pen" })).structuredContent',
])("%s calls the tool", async (code) => {
  await using session = open();

  const result = await session.execute(code);

  expect(result).toMatchObject({ ok: true, value: { article: "pen", price: 3, currency: "EUR" } });
});

test("wrong arguments are all named, with the right call as a hint, and the tool is not called", async () => {
  await using session = open();

  const result = await session.execute(
    'const a = 1;\nawait shop.get_price({ artikle: "x", currency: "GBP" })',
  );

  expect(result).toMatchObject({
    ok: false,
    error: {
      phase: "tool",
      code: "INVALID_ARGUMENTS",
      tool: "shop.get-price",
      line: 2,
      message: expect.stringContaining('"article" is required (instead of "artikle"?)'),
      hints: [expect.stringContaining("shop.get_price(input: { article: string;")],
    },
  });
  expect(result.ok ? "" : result.error.message).toContain("currency: must be one of");
});

test("a tool's failure can be caught, and uncaught names the tool and the line", async () => {
  await using session = open();

  const caught = await session.execute(
    "try { await shop.fail() } catch (e) { ({ name: e.name, tool: e.tool, code: e.code, message: e.message }) }\n" +
      "let seen; try { await shop.fail({}) } catch (e) { seen = [e.name, e.tool, e.code, e instanceof ToolError] }\nseen",
  );
  const uncaught = await session.execute("\n\nawait shop.fail({})");

  expect(caught).toMatchObject({
    ok: true,
    value: ["ToolError", "shop.fail", "TOOL_FAILED", true],
  });
  expect(uncaught).toMatchObject({
    ok: false,
    error: {
      phase: "tool",
      name: "ToolError",
      tool: "shop.fail",
      line: 3,
      message: expect.stringContaining("closed on Sundays"),
    },
  });
});

test.each([
  ["await shop.get_prise({})", "TOOL_NOT_FOUND", 'Did you mean "shop.get-price"?'],
  ["await tools.call('shop.nothing-like-it', {})", "TOOL_NOT_FOUND", "Search for it"],
  ["await tools.shoop.get_price({})", "TOOL_NOT_FOUND", 'Did you mean "shop.get-price"?'],
  [
    "import { x } from 'generated/servers/shopp'",
    "IMPORT_NOT_FOUND",
    'Did you mean "generated/servers/shop"?',
  ],
])("%s is answered with the nearest name", async (code, errorCode, message) => {
  await using session = open();

  const result = await session.execute(code);

  expect(result).toMatchObject({
    ok: false,
    error: { code: errorCode, message: expect.stringContaining(message) },
  });
});

test("an unknown name that is nearly a server says so, and Node's own names say what to use", async () => {
  await using session = open();

  const near = await session.execute("await shp.get_price({})");
  const node = await session.execute("require('fs')");

  expect(near).toMatchObject({ error: { hints: [expect.stringContaining('the server "shop"')] } });
  expect(node).toMatchObject({ error: { hints: [expect.stringContaining("no Node modules")] } });
});

test("the budget of tool calls is for each execution", async () => {
  await using session = open({ maxToolCalls: 2 });
  const code =
    "const done = []; for (let i = 0; i < 3; i++) done.push(await shop.get_price({ article: `a${i}` })); done.length";

  const over = await session.execute(code);
  const within = await session.execute(
    'await shop.get_price({ article: "x" }); await shop.get_price({ article: "y" }); "ok"',
  );

  expect(over).toMatchObject({
    ok: false,
    error: { code: "TOOL_LIMIT", message: expect.stringContaining("2 tool calls") },
  });
  expect(within).toMatchObject({ ok: true, value: "ok" });
});

test("programs look into the catalog", async () => {
  await using session = open();

  const found = await session.execute(
    '(await tools.search("what does it cost", { limit: 1 })).matches[0].name',
  );
  const listed = await session.execute("await tools.list()");
  const described = await session.execute('(await tools.describe("shop.get-price")).declaration');
  const utcp = await session.execute('[typeof __interfaces, __getToolInterface("shop.get-price")]');

  expect(found).toMatchObject({ ok: true, value: "shop.get-price" });
  expect(listed).toMatchObject({ ok: true, value: ["shop.fail", "shop.get-price"] });
  expect(described).toMatchObject({
    ok: true,
    value: expect.stringContaining("function get_price(input: {"),
  });
  expect(utcp).toMatchObject({ ok: true, value: ["string", expect.stringContaining("get_price")] });
});

test("every execution and call leaves an audit record without arguments", async () => {
  const records: AuditRecord[] = [];
  await using session = open({ onAudit: (record) => void records.push(record) });

  const result = await session.execute('await shop.get_price({ article: "a secret" })');

  expect(records).toMatchObject([
    { type: "tool_call", tool: "shop.get-price", ok: true, executionId: result.executionId },
    { type: "execution", ok: true, toolCalls: 1, session: result.session },
  ]);
  expect(JSON.stringify(records)).not.toContain("a secret");
});

test("a direct call takes the same path", async () => {
  await using session = open();

  const { value } = await session.callTool("shop__get-price", { article: "pen" });

  expect(value).toEqual({ article: "pen", price: 3, currency: "EUR" });
  await expect(session.callTool("shop.get-price", {})).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
  });
  await expect(session.callTool("shop.get-price", ["pen"])).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message: expect.stringContaining("not an array"),
  });
});

test("a closed session says so", async () => {
  const session = open();
  await session[Symbol.asyncDispose]();

  await expect(session.execute("1")).rejects.toMatchObject({ code: "SANDBOX_DISPOSED" });
});

test("searching and describing need no program", async () => {
  await using session = open();

  expect(session.searchTools("price").matches[0]).toMatchObject({
    name: "shop.get-price",
    summary: "The price of an article.",
    signature: expect.stringContaining("shop.get_price(input: { article: string;"),
  });
  expect(session.searchTools("zebra")).toMatchObject({
    matches: [],
    hint: expect.stringContaining("shop"),
  });
  expect(session.describeTool("shop.get_price").imports[0]).toBe(
    'import { get_price } from "generated/servers/shop";',
  );
  expect(() => session.describeTool("shop.get_pricee")).toThrow(
    expect.objectContaining({
      code: "TOOL_NOT_FOUND",
      message: expect.stringContaining("Did you mean"),
    }),
  );
});
