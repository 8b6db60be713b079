import type { Attack } from "./attack.ts";
import { attacks } from "./attack.ts";

/** Programs that take memory without end. */
export const MEMORY_ATTACKS: readonly Attack[] = [
  ...attacks({
    "arrays without end": "const all = []; for (;;) all.push(new Array(1e5).fill(all.length))",
    "one array without end": "const a = []; for (;;) a.push(a.length, {})",
    "arrays that double": "let a = [1, 2, 3]; for (;;) a = a.concat(a)",
    "a spread that doubles": "let a = [1]; for (;;) a = [...a, ...a]",
    "a map without end": "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })",
    "a set of texts": "const s = new Set(); for (let i = 0; ; i++) s.add(`text ${i} `.repeat(50))",
    "members without end": "const o = {}; for (let i = 0; ; i++) o[`key ${i}`] = { i }",
    "symbols without end": "for (let i = 0; ; i++) Symbol.for(`a symbol of many ${i}`)",
    "buffers without end": "const all = []; for (;;) all.push(new ArrayBuffer(1e8))",
    "filled buffers without end": "const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1))",
    "a buffer that grows":
      "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 33 }); for (let n = 1e7; ; n += 1e7) { b.resize(n); new Uint8Array(b).fill(1) }",
    "strings that double": "let s = 'x'; const all = []; for (;;) { s += s; all.push(s) }",
    "flat strings":
      "const all = []; for (let i = 0; ; i++) all.push(('x'.repeat(1e6) + i).split('').join(''))",
    "a large repeat": "const all = []; for (;;) all.push('abc'.repeat(1e8).replaceAll('b', 'dd'))",
    "nested templates": "let s = 'x'; for (;;) s = `${s}${s}${s}`.padEnd(s.length * 4, s)",
    "code without end": "for (let i = 0; ; i++) eval(`function f${i}() { return ${i} }`)",
    "functions of many parameters": "for (;;) new Function(...Array(6e4).fill('a'), 'return 1')",
    "closures without end":
      "let f = () => 1; for (;;) { const g = f; const big = new Array(1000).fill(0); f = () => g() + big.length }",
    "promises without end": "const all = []; for (;;) all.push(new Promise(() => {}))",
    "microtasks without end": "for (;;) Promise.resolve().then(() => {})",
    "rejections without end": "for (;;) Promise.reject(new Error('x'))",
    "errors with long stacks":
      "Error.stackTraceLimit = Infinity; const all = []; const f = (n) => { if (n > 0) return f(n - 1); all.push(new Error('x'.repeat(1000))) }; for (;;) f(500)",
    "an endless chain of causes":
      "let e = new Error('x'); for (;;) e = new Error('y'.repeat(1000), { cause: e })",
    "weak references and finalization":
      "const registry = new FinalizationRegistry(() => {}); const all = []; for (;;) { const o = { a: new Array(100) }; registry.register(o, all.length); all.push(new WeakRef(o)) }",
    "an endless finalization":
      "const registry = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; ; i++) { registry.register({ a: new Array(100) }, i); if (i % 1e5 === 0) await null }",
    "clones that double":
      "let o = { a: 1 }; for (;;) o = structuredClone({ a: o, b: o, c: structuredClone(o) })",
    "JSON that doubles": "let o = [1]; for (;;) o = [JSON.stringify(o), JSON.stringify(o)]",
    "parsed JSON without end":
      "const all = []; const text = JSON.stringify(Array(1e5).fill({ a: 1 })); for (;;) all.push(JSON.parse(text))",
    "patterns without end":
      "const all = []; for (let i = 0; ; i++) { const r = new RegExp(`(a${i}|b){1,200}`); r.test('ab'); all.push(r) }",
    "a timer's closures":
      "const all = []; await new Promise(() => setInterval(() => all.push(new Array(1e6).fill(all.length)), 0))",
    "memory between calls":
      "const all = []; for (;;) { await file_system.read({}); all.push(new Array(1e6).fill(all.length)) }",
    "WebAssembly memory":
      "const all = []; for (;;) all.push(new WebAssembly.Memory({ initial: 1000 }))",
    "shared memory": "const all = []; for (;;) all.push(new SharedArrayBuffer(1e8))",
  }),
  ...attacks(
    {
      "a pattern of nested groups": "new RegExp('(?='.repeat(1e5) + ')'.repeat(1e5)).test('a')",
      "deep JSON": "JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))",
      "long deep JSON": "JSON.parse('{\"a\":'.repeat(2e6))",
      "a deep value": "let a = []; for (let i = 0; i < 1e6; i++) a = [a]; a",
      "a deep value in a log":
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; console.log(a); console.dir(a)",
      "a deep clone": "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; structuredClone(a); 1",
      "deep source": "eval('('.repeat(1e5) + ')'.repeat(1e5))",
      "a value of large members": "Array.from({ length: 50 }, () => 'x'.repeat(1e6))",
      "a value that doubles":
        "let a = ['x'.repeat(1000)]; for (let i = 0; i < 40; i++) a = [a, a]; a",
      "a toJSON that doubles": "const make = () => ({ toJSON: () => [make(), make()] }); make()",
    },
    "any",
  ),
];
