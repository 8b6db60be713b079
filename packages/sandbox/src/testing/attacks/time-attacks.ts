import type { Attack } from "./attack.ts";
import { attacks } from "./attack.ts";

/** Programs that never end, by themselves or inside of a built-in. */
export const TIME_ATTACKS: readonly Attack[] = attacks({
  "an endless loop": "for (;;);",
  "a loop in finally blocks": "for (;;) { try { for (;;); } finally { continue; } }",
  "a loop in a catch": "for (;;) { try { null.x } catch {} }",
  "an endless generator": "for (const _ of (function* () { for (;;) yield 1 })());",
  "an endless loop of microtasks":
    "(async () => { for (;;) await null })(); await new Promise((done) => setTimeout(done, 60_000))",
  "promises that follow promises": "const next = () => Promise.resolve().then(next); await next()",
  "async recursion": "const f = async () => { await null; return f() }; await f()",
  "a thenable of thenables": "const make = () => ({ then(done) { done(make()) } }); await make()",
  "endless queueMicrotask":
    "const again = () => { queueMicrotask(again); queueMicrotask(() => {}) }; again(); await new Promise((done) => setTimeout(done, 60_000))",
  "an async generator without end":
    "for await (const _ of (async function* () { for (;;) yield 1 })());",
  "a catastrophic pattern": "/^(a+)+$/.test('a'.repeat(40) + 'b')",
  "another catastrophic pattern": "/(x+x+)+y/.exec('x'.repeat(60)); 1n",
  "a pattern with look-behind":
    "/(?<=(a|aa)+b)c/.test('a'.repeat(60) + 'c'.repeat(60)); for (;;) /^(\\w+\\s?)*$/.test('word '.repeat(12) + '!')",
  "replacing by a catastrophic pattern": "'a'.repeat(50).replace(/(a*)*c/g, 'x'); for (;;);",
  "a search that cannot be interrupted": "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
  "a fill that cannot be interrupted": "new Array(1e8).fill(0).length; for (;;);",
  "a join that cannot be interrupted": "Array(2 ** 28).join('x'); for (;;);",
  "an array-like without end": "Array.from({ length: 2 ** 53 - 1 })",
  "a copy within an array-like": "Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 1)",
  "a reverse of an array-like": "Array.prototype.reverse.call({ length: 2 ** 53 - 1 })",
  "squared big integers": "let b = 3n; for (;;) b = b * b",
  "a large power": "2n ** (10n ** 9n); for (;;) (7n ** 300_000n).toString()",
  "a large sort": "const a = Array.from({ length: 3e6 }, Math.random); for (;;) a.slice().sort()",
  "a comparison without end": "[1, 2, 3].sort(() => { for (;;); })",
  "an endless normalization":
    "const s = '\\u1E9B\\u0323'.repeat(1e6); for (;;) s.normalize('NFKD')",
  "comparisons by language": "const s = 'ä'.repeat(1e6); for (;;) s.localeCompare(s + 'x')",
  "date formats without end":
    "for (;;) new Intl.DateTimeFormat('de', { dateStyle: 'full' }).format(0)",
  "many spread arguments": "for (;;) { try { Math.max(...new Array(1e7)) } catch {} }",
  "a toString that loops": "`${{ toString() { for (;;); } }}`",
  "waiting on an atomic": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a call that never returns in a getter of arguments":
    "await file_system.read({ get a() { for (;;); } })",
  "a value whose getter loops": "({ get a() { for (;;); } })",
  "a toJSON that loops": "({ toJSON() { for (;;); } })",
  "a proxy as value": "new Proxy({}, { ownKeys() { for (;;); } })",
  "logging a getter that loops": "console.log({ get a() { for (;;); } })",
  "logging a name that loops":
    "console.log(Object.defineProperty(() => {}, 'name', { get() { for (;;); } }))",
  "a module that loops":
    "const { a } = await import('skills/count'); await (async () => { for (;;); })()",
});
