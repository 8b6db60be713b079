import type { Sandbox } from "@codemode/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createIsolatedVmSandbox } from "../src/index.ts";

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createIsolatedVmSandbox();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const TIMEOUT_MS = 500;

/** The error's code, or `ok`. */
async function attack(code: string): Promise<string> {
  await using session = await sandbox.openSession();
  const result = await session.execute({
    executionId: "attack",
    code,
    catalog: { revision: "0", servers: [], modules: [] },
    hostFunctions: {},
    callTool: () => Promise.resolve(null),
    limits: { timeoutMs: TIMEOUT_MS, computeMs: TIMEOUT_MS },
  });
  return result.ok ? "ok" : result.error.code;
}

test.each([
  ["an endless loop", "for (;;);"],
  ["a loop in finally blocks", "for (;;) { try { for (;;); } finally { continue; } }"],
  [
    "an endless loop of microtasks",
    "(async () => { for (;;) await null })(); await new Promise(() => {})",
  ],
  ["a catastrophic pattern", "/^(a+)+$/.test('a'.repeat(40) + 'b')"],
  ["endless recursion", "const f = () => { try { f() } catch { f() } }; f()"],
  ["a fill that cannot be interrupted", "new Array(1e8).fill(0).length"],
  [
    "a search that cannot be interrupted",
    "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
  ],
  ["squared big integers", "let b = 3n; for (;;) b = b * b"],
  ["a large sort", "const a = Array.from({ length: 3e6 }, Math.random); for (;;) a.slice().sort()"],
  [
    "a thrown proxy whose getter never returns",
    "throw new Proxy(new Error('x'), { get() { for (;;); } })",
  ],
  [
    "an unhandled one",
    "Promise.reject(new Proxy(new Error('x'), { get() { for (;;); } })); await new Promise(() => {})",
  ],
  ["a message that never returns", "throw { get message() { for (;;); } }"],
  [
    "a stack that never returns",
    "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x')",
  ],
  ["buffers without end", "const all = []; for (;;) all.push(new ArrayBuffer(1e8))"],
  [
    "a buffer that grows",
    "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 33 }); for (let n = 1e7; ; n += 1e7) { b.resize(n); new Uint8Array(b).fill(1) }",
  ],
  ["strings that double", "let s = 'x'; const all = []; for (;;) { s += s; all.push(s) }"],
  ["code without end", "for (let i = 0; ; i++) eval(`function f${i}() { return ${i} }`)"],
])(
  "%s ends in a typed error soon after its limit, and the next program works",
  async (_title, code) => {
    expect(await attack(code)).toMatch(/^(TIMEOUT|COMPUTE_LIMIT|MEMORY_LIMIT|GUEST_ERROR)$/);
    expect(await attack("1 + 1")).toBe("ok");
  },
  10_000,
);
