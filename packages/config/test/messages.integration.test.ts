import type { ExecutionError } from "@codemode/sandbox";
import { expect, test } from "vitest";

import { setUpShop } from "./shop.ts";

const openShop = setUpShop({
  wait: { description: "Waits.", run: () => new Promise(() => undefined) },
  "get-env": { description: "Gets.", run: () => 1 },
  "get-sum": { description: "Adds.", run: () => 2 },
});

async function errorOf(code: string): Promise<ExecutionError> {
  await using session = openShop();
  const result = await session.execute(code);
  if (result.ok) throw new Error(`${code} gave ${JSON.stringify(result.value)}`);
  return result.error;
}

test.each([
  ["throw { code: 3 }", "{ code: 3 } was thrown"],
  ["throw [1]", "[1] was thrown"],
  ['throw ""', "An empty text was thrown"],
  [
    "import s from 'generated/servers/shop'",
    'Module "generated/servers/shop" has no export "default". Write: import * as shop from "generated/servers/shop".',
  ],
  ["throw new Error('out', { cause: new Error('in') })", "out (cause: in)"],
  ["throw new Error('out', { cause: 'in' })", "out (cause: in)"],
  ["throw new AggregateError([new Error('a'), new Error('b')], 'all')", "all (a; b)"],
  ["await Promise.any([Promise.reject(new Error('p'))])", "All promises were rejected (p)"],
])("%s is told as %s", async (code, message) => {
  expect((await errorOf(code)).message).toBe(message);
});

test.each([
  ["import fs from 'fs/promises'", "no Node or npm modules"],
  ["import { shop } from 'generated/servers'", "Servers: shop"],
  ["await import('lodash')", "no Node or npm modules"],
  ["await shop_get_sum({})", "Did you mean shop.get_sum(...)?"],
  ["await mcp__shop__get_sum({})", "Did you mean shop.get_sum(...)?"],
  ["await callTool('shop.get-sum', {})", "tools.call("],
  ["await search_tools({ query: 'x' })", "tools.search("],
  ["await tools('shop.get-sum', {})", "tools.call("],
  ["await shop('get-sum', {})", "await shop.tool({ ... })"],
  ["module.exports = 1", "export default"],
  ["await fetch('https://a.example')", "no network of their own: call a tool"],
  ["new WebSocket('wss://a.example')", "no network of their own: call a tool"],
  ["await globalThis.fetch('https://a.example')", "no network of their own: call a tool"],
  ["await axios.get('https://a.example')", "no network of their own: call a tool"],
  ["process.env.HOME", "environment variables and arguments stay on the host"],
  ["require('fs')", "call tools instead, or import from generated/servers/"],
  ["Buffer.from('a')", "use Uint8Array, TextEncoder, TextDecoder, atob and btoa"],
  ["localStorage.getItem('a')", "variables live on in the session"],
  ["fs.readFileSync('a')", "call a tool that reads and writes files"],
  ["document.title", "outside of a browser"],
  ["new Worker('a')", "Promise.all"],
  ["new Blob([])", "use strings, Uint8Array"],
  ["setImmediate(() => {})", "use setTimeout"],
  ["Deno.readTextFile('a')", "call tools for what is outside"],
  ["crypto.createHash('sha256')", 'crypto.subtle.digest("SHA-256", bytes)'],
  ["shop.get_sum({}).toFixed(2)", 'Not awaited: "shop.get-sum"'],
  ["const sum = shop.get_sum({}); return sum.value.length", 'Not awaited: "shop.get-sum"'],
  ["for (const sum of shop.get_sum({}));", 'Not awaited: "shop.get-sum"'],
  ["const sum = await shop.get_sum({}); return sum.value.length", "What was called: shop.get_sum("],
  ["stock.get({})", "The servers are: shop."],
  ["tools['shop.get-sum']({})", 'tools.call("shop.get-sum", { ... })'],
  ["tools.get_sum({})", "Call it through its server: shop.get_sum(...)."],
  ["tools.find('sum')", "tools has call, search, list, describe, and the servers"],
  ["tools.serach('sum')", "Did you mean tools.search(...)?"],
  ["await sleep(5)", "setTimeout(done, 1_000)"],
  ["await retry(() => 1)", 'import { retry } from "codemode/helpers"'],
  [
    "const sum = await shop.get_sum({}); return JSON.parse('sum ' + sum)",
    "What was called: shop.get_sum(",
  ],
  ["crypto.subtle.sign('HMAC')", 'crypto.subtle.digest("SHA-256", bytes)'],
])("%s is answered with what works: %s", async (code, hint) => {
  expect((await errorOf(code)).hints.join("\n")).toContain(hint);
});

test("another way to write a name finds that name before similar ones", async () => {
  expect((await errorOf("await shop.getSum({})")).message).toContain(
    'Did you mean "shop.get-sum"?',
  );
});

test("a program that took too long says what it waited for, and one call is one", async () => {
  await using session = openShop();

  const late = await session.execute("await Promise.all([shop.wait({}), shop.wait({})])", {
    timeoutMs: 2_000,
  });
  const left = await session.execute("shop.wait({}); return 1");

  expect(late).toMatchObject({
    ok: false,
    error: {
      code: "TIMEOUT",
      hints: expect.arrayContaining(['Tool calls that had no answer by then: "shop.wait".']),
    },
  });
  expect(left.warnings).toMatchObject([{ message: expect.stringContaining("1 call was still") }]);
});

test("a handle that leads nowhere is not handed back", async () => {
  await using session = openShop();

  const result = await session.execute("1", { session: "session_gone" });

  expect(result).toMatchObject({ error: { code: "SESSION_NOT_FOUND" }, session: "" });
});

test("a failed call's stack begins with its message", async () => {
  await using session = openShop();

  const result = await session.execute("try { await shop.fail({}) } catch (e) { return e.stack }");

  expect(result).toMatchObject({
    ok: true,
    value: expect.stringMatching(/^ToolError: .*closed on Sundays\n +at /),
  });
});

test("an unknown server is told with the servers there are", async () => {
  await using session = openShop();

  expect(() => session.registry.listNames({ server: "nope" })).toThrow(
    'Server "nope" not found. The servers are "shop".',
  );
  expect(() => session.searchTools("sum", { server: "nope" })).toThrow('Server "nope" not found.');
  expect(() => session.describeTool("nope")).toThrow("list the names of all tools");
});

test("a program that wants a network where there is none is told where data comes from", async () => {
  const error = await errorOf("throw new TypeError('connect ENETUNREACH 1.1.1.1:80')");

  expect(error.hints).toEqual(["This sandbox has no network: data comes in through tools."]);
});
