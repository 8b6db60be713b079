import { expect } from "vitest";

import type { Harness, ProgramCase } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";

const KEPT: readonly ProgramCase[] = [
  [
    "value.json",
    '({ a: [1, "b", null, true, { c: 1.5 }] })',
    { a: [1, "b", null, true, { c: 1.5 }] },
  ],
  ["value.undefined-members", "({ a: undefined, b: [undefined] })", { b: [null] }],
  ["value.sparse", "const list = [1, , 3]; list[4] = 5; list", [1, null, 3, null, 5]],
  ["value.negative-zero", "[-0, 0]", [0, 0]],
  [
    "value.numbers",
    "[0.1 + 0.2, 1e21, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER + 2, -1.5e-7]",
    [0.1 + 0.2, 1e21, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER + 2, -1.5e-7],
  ],
  ["value.date", "[new Date(0), new Date(NaN)]", ["1970-01-01T00:00:00.000Z", null]],
  ["value.to-json", "class A { toJSON() { return { own: 1 } } }\n[new A()]", [{ own: 1 }]],
  ["value.boxed", '[Object(1), Object("a"), Object(false)]', [1, "a", false]],
  ["value.class-instance", "class P { x = 1; #z = 3; get y() { return 2 } }\nnew P()", { x: 1 }],
  [
    "value.inherited",
    "[Object.create({ a: 1 }, { b: { value: 2, enumerable: true }, c: { value: 3 } }), Object.assign(Object.create(null), { d: 4 })]",
    [{ b: 2 }, { d: 4 }],
  ],
  ["value.accessor", "({ get a() { return { b: 1 } } })", { a: { b: 1 } }],
  ["value.symbol-keys", "({ [Symbol('a')]: 1, [Symbol.iterator]: 2, b: 3 })", { b: 3 }],
  ["value.shared", "const a = { b: 1 }; [a, a]", [{ b: 1 }, { b: 1 }]],
  [
    "value.unicode",
    String.raw`["\ud800", "\udc00x", "\u2028\u2029", "\u0000\u001b", "😀", "\ud83d"]`,
    ["\ud800", "\udc00x", "\u2028\u2029", "\0\u001b", "😀", "\ud83d"],
  ],
  [
    "value.proxy",
    "new Proxy({ a: 1 }, { get: (target, key) => key === 'a' ? target.a + 1 : target[key] })",
    { a: 2 },
  ],
  ["value.promise", "Promise.resolve([1])", [1]],
  ["value.thenable", "({ then(done) { done([2]) } })", [2]],
  [
    "value.impostor",
    "[{ [Symbol.toStringTag]: 'Map', a: 1 }, { [Symbol.toStringTag]: 'Date', b: 2 }, { [Symbol.toStringTag]: 'Set' }, { [Symbol.toStringTag]: 'Error', c: 3 }, { [Symbol.toStringTag]: 'Number', d: 4 }]",
    [{ a: 1 }, { b: 2 }, {}, { c: 3 }, { d: 4 }],
  ],
];

const CONVERTED: readonly ProgramCase[] = [
  ["value.not-a-number", "[NaN, Infinity, -Infinity]", ["NaN", "Infinity", "-Infinity"]],
  ["value.big-integer", "({ n: 12345678901234567890n })", { n: "12345678901234567890" }],
  ["value.map-and-set", "[new Map([[1, { a: 2 }]]), new Set([3])]", [[[1, { a: 2 }]], [3]]],
  [
    "value.map-and-set",
    "new Map([[{ k: 1 }, new Map([[undefined, new Set([undefined])]])]])",
    [[{ k: 1 }, [[null, [null]]]]],
  ],
  ["value.binary", "[new Uint8Array([1, 2]), new Float64Array([0.5])]", [[1, 2], [0.5]]],
  ["value.binary", "[new BigInt64Array([-1n]), new Float32Array([NaN])]", [["-1"], ["NaN"]]],
  [
    "value.buffer",
    "[new Uint8Array([7, 8]).buffer, new DataView(new Uint8Array([1, 2, 3]).buffer, 1)]",
    [
      [7, 8],
      [2, 3],
    ],
  ],
  [
    "value.error",
    'Object.assign(new TypeError("no"), { code: 5 })',
    { name: "TypeError", message: "no", code: 5 },
  ],
  ["value.regular-expression", String.raw`[/a\/b/gi]`, [String.raw`/a\/b/gi`]],
  ["value.pending-promise", "[1].map(async (n) => n)", [null]],
  ["value.iterator", "[new Map([[1, 2]]).keys(), (function* () {})()]", [{}, {}]],
  ["value.weak", "[new WeakMap(), new WeakSet(), new WeakRef({})]", [{}, {}, {}]],
  ["value.member-function", "({ a: 1, f() {}, s: Symbol('x') })", { a: 1 }],
];

const REFUSED: readonly ProgramCase[] = [
  ["value.function", "[() => 1][0]", "value is a function"],
  ["value.function", "class A {}\nA", "value is a function"],
  ["value.symbol", "Symbol('a')", "value is a symbol"],
  ["value.cycle", "const a = { b: {} }; a.b.c = a; a", "value.b.c is a part of itself"],
  ["value.cycle", "const m = new Map(); m.set(1, m); m", "is a part of itself"],
  [
    "value.getter",
    "({ a: { get b() { throw new Error('secret') } } })",
    "value.a.b is a getter that throws (secret)",
  ],
  ["value.depth", "let a = []; for (let i = 0; i < 2000; i++) a = [a]; a", "1,000 levels"],
  [
    "value.to-json-endless",
    "const make = () => ({ toJSON: make }); make()",
    "which JSON cannot carry",
  ],
  ["value.to-json-endless", "({ toJSON() { return this } })", "a part of itself"],
];

/** What becomes of values. */
export function testValues({ run, check, gives, fails }: Harness): void {
  gives(KEPT);
  fails([
    [
      "value.to-json-throws",
      "({ toJSON() { throw new RangeError('no JSON') } })",
      { code: "GUEST_ERROR", name: "RangeError", message: "no JSON" },
    ],
    [
      "value.thenable-throws",
      "({ get then() { throw new Error('no then') } })",
      { code: "GUEST_ERROR", message: "no then" },
    ],
  ]);
  for (const [index, [id, code, value]] of CONVERTED.entries()) {
    const body = async (): Promise<void> => {
      const result = await run(String(code));

      expect(valueOf(result)).toEqual(value);
      expect(result.warnings[0]).toMatchObject({
        code: "VALUE_CONVERTED",
        message: expect.stringMatching(/^value/),
      });
    };
    check(id, body, `converted ${index + 1}`);
  }
  for (const [index, [id, code, message]] of REFUSED.entries()) {
    const body = async (): Promise<void> => {
      const error = errorOf(await run(String(code)));

      expect(error.code).toBe("RESULT_NOT_JSON");
      expect(error.message).toContain(message);
    };
    check(id, body, `refused ${index + 1}`);
  }
  testShapes({ run, check });
}

function testShapes({ run, check }: Pick<Harness, "run" | "check">): void {
  const large = { limits: { maxValueBytes: 10_000_000 } };

  check("value.undefined", async () => {
    expect(await run("const a = 1;")).toMatchObject({ ok: true, value: undefined });
    expect(await run("null")).toMatchObject({ ok: true, value: null });
  });
  check("value.proto-key", async () => {
    const value = valueOf(await run(`JSON.parse('{"__proto__":{"x":1},"a":2}')`));

    expect(JSON.stringify(value)).toBe('{"__proto__":{"x":1},"a":2}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
  check("value.key-order", async () => {
    const value = valueOf(await run("({ b: 1, 2: 1, a: 1, 1: 1 })"));

    expect(JSON.stringify(value)).toBe('{"1":1,"2":1,"b":1,"a":1}');
  });
  check("value.wide", async () => {
    const code = "Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]))";
    const value = valueOf(await run(code, large));

    const entries = Object.entries(value ?? {});

    // Compared by hand: matchers take seconds for so many.
    expect(entries.length).toBe(100_000);
    expect(entries.filter(([key, item]) => key !== `k${String(item)}`)).toEqual([]);
  });
  check("value.deep", async () => {
    const value = valueOf(await run("let a = 1; for (let i = 0; i < 900; i++) a = { a }; a"));

    expect(JSON.stringify(value)).toBe(`${'{"a":'.repeat(900)}1${"}".repeat(900)}`);
  });
  check("value.long-text", async () => {
    expect(valueOf(await run("'ü😀'.repeat(66_667)", large))).toBe("ü😀".repeat(66_667));
  });
}
