import type { Attack } from "./attack.ts";
import { attacks } from "./attack.ts";

/** Programs that burden the border: errors, stacks, logs, calls and timers. */
export const BORDER_ATTACKS: readonly Attack[] = [
  ...attacks({
    "endless recursion": "const f = () => f(); f()",
    "recursion that catches itself": "const f = () => { try { f() } catch { f() } }; f()",
    "recursion through toString": "const o = { toString() { return `${o}` } }; `${o}`",
    "recursion through a proxy": "const p = new Proxy({}, { get: (_, key) => p[key] }); p.x",
    "recursion and new code":
      "function f() { try { f() } catch {} try { new Function('return 1')() } catch {} } f(); for (;;);",
    "a thrown proxy whose getter never returns":
      "throw new Proxy(new Error('x'), { get() { for (;;); } })",
    "an unhandled one":
      "Promise.reject(new Proxy(new Error('x'), { get() { for (;;); } })); await new Promise((done) => setTimeout(done, 60_000))",
    "a message that never returns": "throw { get message() { for (;;); } }",
    "a name that recurses":
      "const e = new Error('x'); Object.defineProperty(e, 'name', { get() { return String(e) } }); throw e",
    "a stack that never returns":
      "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x')",
    "a long message": "throw new Error('x'.repeat(2e8))",
    "a cause that never returns":
      "throw Object.defineProperty(new Error('x'), 'cause', { get() { for (;;); } })",
    "many inner errors":
      "throw new AggregateError(new Proxy([], { get(_, key) { return key === 'length' ? 2 ** 53 : new Error('x'.repeat(1e6)) } }), 'm')",
    "a flood of lines": "for (;;) console.log('line')",
    "a flood of long lines": "for (;;) console.error('x'.repeat(1e6))",
    "a flood of objects":
      "const o = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, { i }])); for (;;) console.log(o, o)",
    "a flood of lines between awaits": "for (;;) { console.log('line'); await null }",
    "calls without end": "for (;;) await file_system.read({ a: 1 })",
    "calls that nobody awaits": "for (;;) file_system.read({ a: 1 })",
    "large calls that nobody awaits": "for (;;) file_system.read({ a: 'x'.repeat(4e6) })",
    "large calls in parallel":
      "await Promise.all(Array.from({ length: 300 }, () => file_system.wait({ ms: 60_000, a: 'x'.repeat(2e6) })))",
    "questions without end": "for (;;) tools.search('x'.repeat(1e5))",
    "timers without end": "for (;;) setTimeout(() => {}, 1e6)",
    "timers that start timers":
      "const again = () => { for (let i = 0; i < 10; i++) setTimeout(again, 0) }; again(); await new Promise((done) => setTimeout(done, 60_000))",
    "many intervals":
      "for (let i = 0; i < 5000; i++) setInterval(() => {}, 1); await new Promise((done) => setTimeout(done, 60_000))",
    "imports without end":
      "for (let i = 0; ; i++) { try { await import(`skills/${i}`) } catch {} }",
    "a then on everything": "Object.prototype.then = function () {}; await file_system.read({})",
    "a setter on everything":
      "Object.defineProperty(Object.prototype, 'id', { set() { for (;;); }, get() { for (;;); } }); await file_system.read({}); for (;;);",
  }),
  ...attacks(
    {
      "a flood of warnings": "Array.from({ length: 2e4 }, () => 1n)",
      "a flood of rejections":
        "for (let i = 0; i < 1e5; i++) Promise.reject(new Error('x'.repeat(1e4))); 1",
      "a late flood":
        "(async () => { for (;;) { await null; console.log('late'); file_system.read({}) } })(); 1",
      "late timers": "setInterval(() => file_system.read({}), 0); 1",
      "names of a megabyte":
        "await Promise.allSettled(Array.from({ length: 20 }, () => tools.call('x'.repeat(1e6), {})))",
      "many members": "Object.fromEntries(Array.from({ length: 3e5 }, (_, i) => [`k${i}`, i]))",
    },
    "any",
  ),
];
