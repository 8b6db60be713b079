import { createContext, Script } from "node:vm";

import { assert, asyncProperty, constantFrom, array, string } from "fast-check";
import { expect, test } from "vitest";

import type { PreparedProgram } from "../src/index.ts";
import { prepareModule, prepareProgram } from "../src/index.ts";

function load(specifier: string): unknown {
  if (specifier !== "generated/servers/fs") throw new Error(`no module ${specifier}`);
  return { read: (path: string) => `read ${path}`, default: 7, "odd-name": 8 };
}

/** A realm in which programs follow each other, with one module to import. */
function createRealm(): (source: string) => Promise<unknown> {
  const context = createContext({ log: [] });
  return async (source) => {
    const body: unknown = new Script(await scriptOf(source)).runInContext(context);
    if (typeof body !== "function") throw new TypeError("the script's value is no function");
    return body(async (specifier: string) => load(specifier));
  };
}

async function prepared(source: string): Promise<PreparedProgram> {
  const result = await prepareProgram(source);
  if (!result.ok) throw new SyntaxError(JSON.stringify(result.failure));
  return result.program;
}

async function scriptOf(source: string): Promise<string> {
  return (await prepared(source)).script;
}

test.each<readonly [title: string, programs: readonly string[], value: unknown]>([
  ["an expression", ["1 + 1"], 2],
  ["statements and a last expression", ["const a = 2; a * 3"], 6],
  ["a return", ["const a = 2;\nreturn a * 4"], 8],
  ["a return inside a condition", ["if (true) { return 1 } 2"], 1],
  ["no value", ["const a = 2;"], undefined],
  ["an empty program", [""], undefined],
  ["only a comment", ["// nothing"], undefined],
  ["a string alone", ['"hello"'], "hello"],
  ["an object literal", ["{ a: 1, b: [2] }"], { a: 1, b: [2] }],
  ["an object literal with a comment and a semicolon", ["// it\n{ a: 1 };"], { a: 1 }],
  ["a block", ["{ const a = 3; a }"], undefined],
  ["a Markdown fence", ["```ts\nconst a: number = 5;\na\n```"], 5],
  ["a fence that never ends", ["```\n5"], 5],
  ["a fence after prose", ["Here it is:\n\n```ts\nconst a: number = 5;\na\n```\nDone."], 5],
  ["a byte order mark and a #! line", ["\uFEFF#!/usr/bin/env codemode\n5"], 5],
  ["an arrow function alone", ["async () => { return 5 }"], 5],
  ["an arrow function in parentheses", ["(() => 6)"], 6],
  ["a nameless function alone", ["async function () { return 7 }"], 7],
  ["a named async function alone", ["async function main() { return 8 }"], 8],
  ["a function with parameters alone", ["function add(a, b) { return a + b }", "add(1, 2)"], 3],
  ["a default export of a value", ["export default 9"], 9],
  ["a default export of a function", ["export default async function () { return 10 }"], 10],
  ["a default export of a named function", ["export default function f() { return 11 }"], 11],
  ["exports", ["export const a = 1; export function b() { return 2 }\na + b()"], 3],
  ["an export list", ["const a = 1;\nexport { a };\na"], 1],
  ["top-level await", ["const a = await Promise.resolve(4); a"], 4],
  ["a promise as last expression", ["Promise.resolve(4)"], 4],
  ["a function behind the last expression", ["f()\nfunction f() { return 1 }"], 1],
  ["an assignment as last expression", ["let a = 1; a = 5"], 5],
  [
    "destructuring with defaults and rest",
    ["const { a = 1, b: [c, ...d], ...e } = { b: [2, 3, 4], f: 5 };", "[a, c, d, e]"],
    [1, 2, [3, 4], { f: 5 }],
  ],
  ["const lives on", ["const a = 1", "a"], 1],
  ["const is redeclared", ["const a = 1", "const a = 2; a"], 2],
  ["let without a value is reset", ["let a = 1", "let a; a"], undefined],
  ["var without a value is kept", ["var a = 1", "var a; a"], 1],
  [
    "var in a nested block",
    ["if (true) { var a = 1, b; for (var i = 0, n = 3; i < n; i++) {} }", "[a, b ?? null, i]"],
    [1, null, 3],
  ],
  [
    "var in for-of and for-in heads",
    ["for (var [k, v] of [[1, 2]]) {} for (var p in { q: 1 }) {}", "[k, v, p]"],
    [1, 2, "q"],
  ],
  ["let in a for head stays inside", ["for (let i = 0; i < 1; i++) {}", "typeof i"], "undefined"],
  [
    "functions are there before anything runs",
    ["const a = f(); function f() { return 1 }", "a + f()"],
    2,
  ],
  [
    "a generator and an async function",
    ["function* g() { yield 1 } async function h() { return [...g()] }", "await h()"],
    [1],
  ],
  [
    "a function sees later assignments",
    ["let a = 1; function f() { return a }", "a = 5", "f()"],
    5,
  ],
  [
    "a function keeps its name",
    ["function f() {}\nconst g = () => {};\n[f.name, g.name]"],
    ["f", "g"],
  ],
  [
    "classes live on",
    ["class A { static n = 1; m() { return A.n } }", "class B extends A {}\nnew B().m()"],
    1,
  ],
  ["values before a throw survive", ["const a = 1;\nlog.push('x'); var b = 2;", "a + b"], 3],
  ["this is undefined", ["typeof this"], "undefined"],
  [
    "strict mode",
    ["try { undeclared = 1; 'sloppy' } catch (e) { log.push(e.name) } log[0]"],
    "ReferenceError",
  ],
  ["a named import", ['import { read } from "generated/servers/fs";\nread("a")'], "read a"],
  ["imports live on", ['import { read as r } from "generated/servers/fs"', 'r("b")'], "read b"],
  [
    "a default and a namespace import",
    ['import d, * as ns from "generated/servers/fs";\n[d, ns.read("c")]'],
    [7, "read c"],
  ],
  [
    "an import by a string name",
    ['import { "odd-name" as odd } from "generated/servers/fs"; odd'],
    8,
  ],
  ["a dynamic import", ['(await import("generated/servers/fs")).read("d")'], "read d"],
  [
    "a type import",
    [
      'import type { X } from "nowhere"; import { type Y, read } from "generated/servers/fs";\nread("e")',
    ],
    "read e",
  ],
  ["type annotations", ["const f = (a: number, b?: string): number => a as number;\nf(1)!"], 1],
  [
    "generics, satisfies and casts",
    ["function id<T>(x: T) { return x }\nid<number>(<number>2) satisfies number"],
    2,
  ],
  ["interfaces and types", ["interface A { b: string }\ntype C = A;\ndeclare const x: C;\n1"], 1],
  ["enums", ["enum E { A = 1, B }", "E.B + E[1]"], "2A"],
  ["namespaces", ["namespace N { export const a = 1 }", "N.a"], 1],
  ["parameter properties", ["class P { constructor(public x: number) {} }\nnew P(3).x"], 3],
  ["import.meta", ["typeof import.meta"], "object"],
  ["names like ours", ["const $load = 1, $value = 2; $load + $value"], 3],
  ["__proto__ in a literal", ["({ ['__proto__']: 1 }).__proto__"], 1],
  ["windows line ends", ["const a = 1;\r\na"], 1],
  ["an object literal that is a block of statements", ["{ log.push(1) }\nlog.length"], 1],
  ["a label and a loop", ["outer: for (;;) { for (;;) break outer }\n5"], 5],
  ["statements that begin with a bracket", ["const a = [1]\n;[a[0]]"], [1]],
  ["template literals", ["const a = `x${`y${1}`}`\na"], "xy1"],
  ["using", ["using r = { [Symbol.dispose]() { log.push('gone') } };\nlog.length"], 0],
])("%s", async (_title, programs, value) => {
  const run = createRealm();
  let last: unknown;
  // oxlint-disable-next-line no-await-in-loop -- each program needs the one before it
  for (const program of programs) last = await run(program);
  // Objects of another realm have other prototypes.
  expect(last === undefined ? last : JSON.parse(JSON.stringify(last))).toEqual(value);
});

test("values assigned before a throw survive it", async () => {
  const run = createRealm();

  await expect(run("const a = 1; const b = JSON.parse('{');")).rejects.toThrow("JSON");

  expect(await run("[a, typeof b]")).toMatchObject([1, "undefined"]);
});

test.each([
  ["const a = 1;\nconst b: number = ;", 2, 19, []],
  ["enum E { A }\nlet x = (;", 2, 10, []],
  ["```ts\nconst a = 1;\nreturn )\n```", 3, 8, []],
  ["{ a: 1, b: }", 1, 12, []],
  ["def f(x):\n  return x", 1, 4, [expect.stringContaining("Python")]],
  ['"äöü😀"; const 1a = 3;', 1, 22, []],
  ["const a = 1; const a = 2;", 1, 20, []],
  ["const a = {\n  b: 1\nreturn a;", 3, 1, []],
  ["const a = <div>hi</div>;", 1, 19, [expect.stringContaining("JSX")]],
  ["@mark class A {}", 1, 1, [expect.stringContaining("Decorators")]],
  ["class A {\n  @log('x')\n  m() {}\n}", 2, 3, [expect.stringContaining("Decorators")]],
  ["class A {\n  accessor x = 5;\n}", 2, 12, [expect.stringContaining("accessor")]],
  ["const mail = 'x@y.z';\nconst b = `\n@user hello`; const c = ;", 3, 25, []],
])("a syntax error in %j is placed in the source", async (...row) => {
  const [source, line, column, hints] = row;
  const result = await prepareProgram(source);

  expect(result).toMatchObject({
    ok: false,
    failure: { position: { line, column }, hints: expect.arrayContaining(hints) },
  });
});

test.each([
  [
    "interface A {\n  b: string;\n}\nenum E { X }\nconst a: A | undefined = undefined;\nnull.boom;",
    6,
  ],
  ["const a = 1;\nfunction f(): void {\n  undefinedName();\n}\nf();", 3],
  ["import { read } from 'generated/servers/fs';\n\nnull.boom", 3],
])("a place in the script leads back to the source", async (source, line) => {
  const program = await prepared(source);
  const needle = source.includes("null.boom") ? "boom" : "undefinedName";
  const offset = program.script.indexOf(needle);
  const before = program.script.slice(0, offset).split("\n");

  const place = program.toSource({
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  });

  expect(place?.line).toBe(line);
});

test("imports are listed with their places, type imports are not", async () => {
  const { imports } = await prepared(
    'import type { T } from "t";\nimport a, { b as c } from "x";\nimport * as n from "y";\nimport "z";',
  );

  expect(imports).toMatchObject([
    {
      specifier: "x",
      position: { line: 2 },
      names: [{ name: "default" }, { name: "b", position: { line: 2 } }],
    },
    { specifier: "y", position: { line: 3 }, names: [{ name: "*" }] },
    { specifier: "z", position: { line: 4 }, names: [] },
  ]);
});

test("a module gives its exports and keeps the rest to itself", async () => {
  const result = await prepareModule(
    [
      'import { read } from "generated/servers/fs";',
      "const secret: number = 2;",
      "export const double = (n: number) => n * secret;",
      "export async function load(path: string) { return read(path) }",
      "export { secret as two };",
      "export default class Named {}",
    ].join("\n"),
  );
  if (!result.ok) throw new Error(result.failure.message);
  const body: unknown = new Script(result.program.script).runInThisContext();
  if (typeof body !== "function") throw new TypeError("no function");

  const exports: Record<string, unknown> = await body(async () => ({ read: (p: string) => p }));

  expect(Object.keys(exports).toSorted()).toEqual(["default", "double", "load", "two"]);
  expect(exports["two"]).toBe(2);
  expect(Reflect.get(globalThis, "secret")).toBeUndefined();
});

test("whether a program looks at interfaces is known", async () => {
  expect((await prepared("__interfaces")).usesInterfaces).toBe(true);
  expect((await prepared("1")).usesInterfaces).toBe(false);
});

test.each(["[", "a=>", "if(1)", "`${", "a=", "type A=B<", "keyof ", "!", "1+", "a?.b.", "(("])(
  "40,000 times %j ends in a result, not in a crash",
  async (part) => {
    const result = await prepareProgram(part.repeat(40_000 / part.length));

    expect(result.ok ? result.program.script : result.failure.message).not.toBe("");
  },
);

test("a large honest program works", async () => {
  const rows = Array.from({ length: 3_000 }, (_, n) => `  { id: ${n}, name: "row ${n}" },`);
  const run = createRealm();

  expect(await run(`const rows = [\n${rows.join("\n")}\n];\nrows.length`)).toBe(3_000);
});

test("nothing makes it throw", async () => {
  const part = constantFrom(
    ..."const let var { } ( ) [ ] => = ; , . ... async await function class import export default from return if else for of in 1 'a' `${ ` x y \n // /* */ < > : ? enum type as".split(
      " ",
    ),
    "\n",
  );
  await assert(
    asyncProperty(
      array(part, { maxLength: 40 }),
      string({ unit: "binary" }),
      async (parts, text) => {
        const result = await prepareProgram(`${parts.join(" ")}${text}`);
        // V8 has the last word on what we made.
        const script = result.ok ? new Script(result.program.script) : undefined;
        expect(script === undefined).toBe(!result.ok);
      },
    ),
    { numRuns: 2_000 },
  );
});
