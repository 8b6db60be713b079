import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import type { RequirementId } from "./requirements.ts";

// What a program replaces, by the requirement about it.
const REPLACED: readonly (readonly [id: RequirementId, code: string])[] = [
  [
    "escape.replaced-promise",
    "Promise.resolve = Promise.reject = Promise.all = () => 'mine'; globalThis.Promise = class {};",
  ],
  [
    "escape.replaced-json",
    "JSON.stringify = () => 'forged'; JSON.parse = () => ({ forged: true }); globalThis.JSON = null;",
  ],
  [
    "escape.replaced-to-string",
    "Object.prototype.toString = () => '[object Map]'; Error.prototype.toString = () => { throw 1 }; Function.prototype.toString = () => 'x'; Object.prototype.valueOf = () => 1;",
  ],
  [
    "escape.replaced-array",
    "for (const key of Reflect.ownKeys(Array.prototype)) if (key !== 'length' && key !== 'constructor') try { Array.prototype[key] = () => { throw new Error('array') } } catch {} Array.isArray = Array.from = () => { throw new Error('array') };",
  ],
  [
    "escape.replaced-call",
    "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('call') }; Reflect.apply = Reflect.ownKeys = null;",
  ],
  [
    "escape.replaced-iterator",
    "const none = function () { return { next: () => ({ done: true }) } }; Array.prototype[Symbol.iterator] = Map.prototype[Symbol.iterator] = Set.prototype[Symbol.iterator] = String.prototype[Symbol.iterator] = none;",
  ],
  [
    "escape.replaced-error",
    "globalThis.Error = globalThis.TypeError = null; ToolError.prototype.name = 'x'; globalThis.ToolError = null;",
  ],
  [
    "escape.replaced-text",
    "for (const key of Reflect.ownKeys(String.prototype)) if (key !== 'length' && key !== 'constructor') String.prototype[key] = () => { throw new Error('text') }; RegExp.prototype.exec = RegExp.prototype.test = () => { throw new Error('exec') }; Number.prototype.toString = () => '5'; BigInt.prototype.toString = () => '6';",
  ],
  [
    "escape.replaced-object",
    "for (const key of Reflect.ownKeys(Object)) if (!['length', 'name', 'prototype'].includes(key)) try { Object[key] = () => { throw new Error('object') } } catch {} Date.now = () => { throw new Error('now') }; Map.prototype.get = WeakMap.prototype.get = Map.prototype.entries = null;",
  ],
];

/** What a replaced part of the language changes: nothing but the program's own use of it. */
export function testReplaced({ runAll, check }: Harness): void {
  for (const [id, replace] of REPLACED) {
    check(id, async () => {
      const works = "const { n, list } = await file_system.read({ n: 1, list: [{ a: 'b' }] });\n";
      const [first, second, third, fourth] = await runAll([
        `${replace}\n${works}console.log(n, list); ({ n, list, big: 2n })`,
        `let seen; try { await file_system.fail({}) } catch (e) { seen = e }\n({ code: seen.code, tool: seen.tool, message: seen.message })`,
        "\nawait file_system.fail({})",
        "const again = await file_system.read({ n: 2 }); again",
      ]);

      expect(valueOf(first)).toEqual({ n: 1, list: [{ a: "b" }], big: "2" });
      expect(first?.logs).toHaveLength(1);
      expect(valueOf(second)).toEqual({
        code: "TOOL_FAILED",
        tool: "file-system.fail",
        message: "no such file",
      });
      expect(errorOf(third)).toMatchObject({
        phase: "tool",
        code: "TOOL_FAILED",
        message: "no such file",
        line: 2,
      });
      expect(valueOf(fourth)).toEqual({ n: 2 });
    });
  }
  testPrototypes({ runAll, check });
}

function testPrototypes({ runAll, check }: Pick<Harness, "runAll" | "check">): void {
  check("escape.replaced-then", async () => {
    const limits = { timeoutMs: 500, computeMs: 300 };
    const evil = [
      "Object.prototype.then = function () {};",
      "Object.prototype.then = function (done) { done(5) };",
      "Object.defineProperty(Object.prototype, 'then', { get() { throw new Error('then') }, configurable: true });",
    ];
    const all = await Promise.all(
      evil.map((code) =>
        runAll([`${code}\n1`, "await file_system.read({ n: 1 })", "await file_system.fail({})"], {
          limits,
        }),
      ),
    );

    for (const result of all.flat()) {
      expect(result.ok ? "OK" : result.error.code).toMatch(
        /^(OK|GUEST_ERROR|TIMEOUT|STALLED|COMPUTE_LIMIT|SESSION_LOST|TOOL_FAILED)$/,
      );
    }
    expect(valueOf((await runAll(["await file_system.read({ n: 1 })"]))[0])).toEqual({ n: 1 });
  });
  check("escape.prototypes", async () => {
    const pollute =
      "const map = new Map([[1, 2]]);\n" +
      "Object.prototype.toJSON = () => 'polluted'; Array.prototype.push = () => {};\n" +
      "Array.prototype[Symbol.iterator] = function* () {}; Array.prototype.map = () => ['polluted']; String.prototype.slice = () => 'polluted';\n" +
      "Object.defineProperty(Object.prototype, '0', { set() {}, configurable: true }); Object.prototype.code = 'polluted'; Object.prototype.get = 1;\n" +
      "const answer = file_system.read({ a: [1] }); let seen; const { a } = await new Promise((ok) => Promise.prototype.then.call(answer, ok));\n" +
      "({ list: [a, { b: 2 }], map })";
    const [result] = await runAll([pollute]);

    expect(valueOf(result)).toEqual({ list: [[1], { b: 2 }], map: [[1, 2]] });
    const getter =
      "for (const name of ['stack', 'extra', 'tool', 'details', 'retryable']) Object.defineProperty(Object.prototype, name, { get() { return class {} }, set() {}, configurable: true });";
    const errors = await runAll([
      getter,
      "const f = () => 1; f",
      "await file_system.fail({})",
      "1",
    ]);

    expect(errors.map((one) => (one.ok ? one.value : one.error.code))).toEqual([
      undefined,
      "RESULT_NOT_JSON",
      "TOOL_FAILED",
      1,
    ]);
  });
  check("escape.replaced-globals", async () => {
    const replace =
      "globalThis.JSON = null; globalThis.Promise = class {}; globalThis.Object = null; globalThis.Error = null; globalThis.Date = null; console.log('still here'); console.log = null; globalThis.console = null; globalThis.setTimeout = null;";
    const [first, second] = await runAll([`${replace}\n1`, "await file_system.read({ a: 1 })"]);

    expect(first?.logs.map(({ text }) => text)).toEqual(["still here"]);
    expect(valueOf(second)).toEqual({ a: 1 });
  });
}
