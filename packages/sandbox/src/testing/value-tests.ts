import { expect, test } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import type { RequirementId } from "./requirements.ts";

/** What becomes of values. */
export function testValues({ run, verifies }: Harness): void {
  const kept: readonly (readonly [RequirementId, string, unknown])[] = [
    [
      "value.json",
      '({ a: [1, "b", null, true, { c: 1.5 }] })',
      { a: [1, "b", null, true, { c: 1.5 }] },
    ],
    ["value.undefined-members", "({ a: undefined, b: [undefined] })", { b: [null] }],
    ["value.negative-zero", "[-0, 0]", [0, 0]],
    ["value.date", "[new Date(0), new Date(NaN)]", ["1970-01-01T00:00:00.000Z", null]],
    ["value.to-json", "class A { toJSON() { return { own: 1 } } }\n[new A()]", [{ own: 1 }]],
    ["value.boxed", 'Object.assign([Object(1), Object("a"), Object(false)])', [1, "a", false]],
    ["value.class-instance", "class P { x = 1; get y() { return 2 } }\nnew P()", { x: 1 }],
    ["value.shared", "const a = { b: 1 }; [a, a]", [{ b: 1 }, { b: 1 }]],
    [
      "value.unicode",
      String.raw`["\ud800", "\u2028\u2029", "\u0000\u001b", "😀"]`,
      ["\ud800", "\u2028\u2029", "\0\u001b", "😀"],
    ],
    ["value.promise", "Promise.resolve([1])", [1]],
  ];
  for (const [id, code, value] of kept) {
    test(verifies(id), async () => {
      const result = await run(code);

      expect(valueOf(result)).toEqual(value);
      expect(result.warnings).toEqual([]);
    });
  }

  const converted: readonly (readonly [RequirementId, string, unknown])[] = [
    ["value.not-a-number", "[NaN, Infinity, -Infinity]", ["NaN", "Infinity", "-Infinity"]],
    ["value.big-integer", "({ n: 12345678901234567890n })", { n: "12345678901234567890" }],
    ["value.map-and-set", "[new Map([[1, { a: 2 }]]), new Set([3])]", [[[1, { a: 2 }]], [3]]],
    ["value.binary", "new Uint8Array([1, 2])", [1, 2]],
    [
      "value.error",
      'Object.assign(new TypeError("no"), { code: 5 })',
      { name: "TypeError", message: "no", code: 5 },
    ],
    ["value.member-function", "({ a: 1, f() {}, s: Symbol('x') })", { a: 1 }],
  ];
  for (const [id, code, value] of converted) {
    test(verifies(id), async () => {
      const result = await run(code);

      expect(valueOf(result)).toEqual(value);
      expect(result.warnings[0]).toMatchObject({
        code: "VALUE_CONVERTED",
        message: expect.stringMatching(/^value/),
      });
    });
  }

  const refused: readonly (readonly [RequirementId, string, string])[] = [
    ["value.function", "[() => 1][0]", "value is a function"],
    ["value.cycle", "const a = { b: {} }; a.b.c = a; a", "value.b.c is a part of itself"],
    [
      "value.getter",
      "({ a: { get b() { throw new Error('secret') } } })",
      "value.a.b is a getter that throws (secret)",
    ],
    ["value.depth", "let a = []; for (let i = 0; i < 2000; i++) a = [a]; a", "1,000 levels"],
  ];
  for (const [id, code, message] of refused) {
    test(verifies(id), async () => {
      const error = errorOf(await run(code));

      expect(error.code).toBe("RESULT_NOT_JSON");
      expect(error.message).toContain(message);
    });
  }

  test(verifies("value.undefined"), async () => {
    expect(await run("const a = 1;")).toMatchObject({ ok: true, value: undefined });
    expect(await run("null")).toMatchObject({ ok: true, value: null });
  });

  test(verifies("value.proto-key"), async () => {
    const value = valueOf(await run(`JSON.parse('{"__proto__":1,"a":2}')`));

    expect(JSON.stringify(value)).toBe('{"__proto__":1,"a":2}');
  });

  test(verifies("value.wide"), async () => {
    const value = valueOf(
      await run("Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]))"),
    );

    expect(Object.keys(value ?? {})).toHaveLength(10_000);
  });
}
