import { expect } from "vitest";

import type { Harness, ProgramCase } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { toRequest } from "./requests.ts";

const KEPT: readonly ProgramCase[] = [
  [
    "state.variables",
    [
      "const a = 1; let b = 2; var c = 3; function f() { return a + b + c } class K { v = f() }",
      "b = 10; new K().v",
    ],
    14,
  ],
  ["state.variables", ["let n", "n === undefined && (n = 5)", "n"], 5],
  ["state.variables", ["let a = 1, b = a + 1, c", "[a, b, c ?? null]"], [1, 2, null]],
  ["state.variables", ["let n = 1", "n++; n += 2; n"], 4],
  [
    "state.destructured",
    [
      "const { a, b: { c = 5 } = {}, ...rest } = { a: 1, d: 2, e: 3 }; const [x, , y = 7, ...zs] = [1, 2, undefined, 4, 5];",
      "[a, c, rest, x, y, zs]",
    ],
    [1, 5, { d: 2, e: 3 }, 1, 7, [4, 5]],
  ],
  ["state.destructured", ["let p, q; [p, q] = [1, 2]; ({ p } = { p: 3 });", "[p, q]"], [3, 2]],
  ["state.destructured", ["const { length } = 'four'", "length"], 4],
  [
    "state.redeclare",
    ["const a = 1; function f() { return 1 }", "const a = 2; const f = () => 3; a + f()"],
    5,
  ],
  ["state.redeclare", ["class A { v = 1 }", "function A() { return { v: 2 } }\nA().v"], 2],
  ["state.redeclare", ["const x = 1", "let x = 2", "var x = 3", "x"], 3],
  ["state.redeclare", ["let x = 1", "let x", "typeof x"], "undefined"],
  ["state.redeclare", ["const x = 1; const y = 2", "const { x, y } = { x: 3, y: 4 }; x + y"], 7],
  ["state.functions", ["const early = f(); function f() { return 1 }\nearly"], 1],
  [
    "state.functions",
    ["function f() { return 1 } function g() { return f() }", "function f() { return 2 }\ng()"],
    2,
  ],
  ["state.functions", ["async function f() { return 1 }", "await f()"], 1],
  ["state.functions", ["function* f() { yield 1; yield 2 }", "[...f()]"], [1, 2]],
  ["state.functions", ["function f(n) { return n < 2 ? 1 : n * f(n - 1) }", "f(5)"], 120],
  [
    "state.functions",
    ["function named() {}\nconst arrow = () => 1", "[named.name, arrow.name]"],
    ["named", "arrow"],
  ],
  [
    "state.classes",
    [
      "class A { static n = 1; #p = 2; get p() { return this.#p } }",
      "class B extends A {}\n[B.n, new B().p, B.name, new B() instanceof A]",
    ],
    [1, 2, "B", true],
  ],
  [
    "state.closures",
    ["let n = 0; const up = () => { n += 1 }", "up(); up(); n", "n = 10; up(); n"],
    11,
  ],
  [
    "state.closures",
    ["const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i);", "fs.map((f) => f())"],
    [0, 1, 2],
  ],
  [
    "state.nested-vars",
    [
      "if (true) { var a = 1 } for (var i = 0; i < 3; i++) {} for (var k in { z: 1 }) {} for (var v of [7]) {} try { throw 5 } catch (e) { var c = e }",
      "[a, i, k, v, c]",
    ],
    [1, 3, "z", 7, 5],
  ],
  [
    "state.blocks",
    [
      "let a = 1; { let a = 2; const inBlock = 3 } for (let inLoop = 0; inLoop < 1; inLoop++) {}",
      "[a, typeof inBlock, typeof inLoop]",
    ],
    [1, "undefined", "undefined"],
  ],
  ["state.blocks", ["const a = 1; { function inner() { return 2 } }", "typeof a"], "number"],
  [
    "state.exports",
    ["export const a = 1; export function f() { return a } export class K {}", "[f(), typeof K]"],
    [1, "function"],
  ],
  ["state.exports", ["const a = 1; const b = 2; export { a, b as c };", "a + b"], 3],
  [
    "state.imports",
    ['import { read as r } from "generated/servers/file-system"', "await r({ n: 1 })"],
    { n: 1 },
  ],
  [
    "state.imports",
    ['import * as files from "generated/servers/file-system"', "await files.read({ n: 2 })"],
    { n: 2 },
  ],
  [
    "state.types",
    [
      "enum Color { Red, Green = 5 }\ninterface TypeOnly { a: number }\ntype AlsoOnly = TypeOnly;\nnamespace N { export const x = 1 }",
      "[Color.Green, Color[5], N.x, typeof TypeOnly]",
    ],
    [5, "Green", 1, "undefined"],
  ],
  [
    "state.globals",
    ["globalThis.g = 1; const h = 2", "[g, globalThis.h, 'h' in globalThis]"],
    [1, 2, true],
  ],
  [
    "state.promises",
    [
      "const slow = file_system.read({ n: 1 }); await slow; const later = Promise.resolve(5)",
      "[await slow, await later]",
    ],
    [{ n: 1 }, 5],
  ],
  ["state.own-server", ["const file_system = 5", "file_system"], 5, "alone"],
  ["state.after-throw", ["var before = 1; null.x", "before"], 1],
  ["state.after-throw", ["let a = 1; a = 2; await file_system.fail({}); a = 3", "a"], 2],
  ["state.after-throw", ["const never = (() => { throw 1 })()", "typeof never"], "undefined"],
  ["state.after-syntax-error", ["let a = 1", "a = 2; const b = ;", "a"], 1],
  ["state.after-syntax-error", ["let a = 1", 'import { x } from "nowhere"; a = 2', "a"], 1],
];

/** What lives on. */
export function testState({ runAll, sandbox, check, gives }: Harness): void {
  gives(KEPT);
  check("state.fresh", async () => {
    const [, after] = await runAll([
      "var kept = 1; globalThis.also = 2;",
      "[typeof kept, typeof also]",
    ]);

    expect(valueOf(after)).toEqual(["undefined", "undefined"]);
  });
  check("state.apart", async () => {
    await using a = await sandbox().openSession();
    await using b = await sandbox().openSession();
    const dirty =
      "globalThis.secret = 1; Object.prototype.polluted = 2; Array.prototype.map = null; tools.call.secret = 3;";
    const [, seen] = await Promise.all([
      a.execute(toRequest(dirty)),
      b.execute(
        toRequest(
          "await file_system.wait({ ms: 50 });\n[typeof secret, {}.polluted ?? null, [1].map((n) => n), tools.call.secret ?? null]",
        ),
      ),
    ]);

    expect(valueOf(seen)).toEqual(["undefined", null, [1], null]);
    expect(a.id).not.toBe(b.id);
  });
  check("state.order", async () => {
    await using session = await sandbox().openSession();

    const results = await Promise.all(
      ["var n = 1; await file_system.wait({ ms: 50 }); n", "n += 1", "null.x", "n * 10"].map(
        (code) => session.execute(toRequest(code)),
      ),
    );

    expect(results.filter(({ ok }) => ok).map(valueOf)).toEqual([1, 2, 20]);
    expect(errorOf(results[2]).name).toBe("TypeError");
  });
}
