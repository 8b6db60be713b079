import type { Harness, ProgramCase } from "./harness.ts";

const PROGRAMS: readonly ProgramCase[] = [
  ["program.last-expression", "1; 2; 3", 3],
  ["program.last-expression", "const a = 2;\na * 21\n", 42],
  ["program.last-expression", "const a = [1, 2]\n;[a[0], a[1]]", [1, 2]],
  ["program.last-expression", "let a = 1;\na = 5", 5],
  ["program.last-expression", "`a${1 + 1}`;;;", "a2"],
  ["program.last-expression", "(1, 2)", 2],
  ["program.functions-behind", "f() + 1\nfunction f() { return 1 }\nasync function g() {}", 2],
  ["program.no-value", "const a = 1", undefined],
  ["program.no-value", "for (let i = 0; i < 3; i++) i;", undefined],
  ["program.no-value", "if (true) { 5 }", undefined],
  ["program.no-value", "class A {}", undefined],
  ["program.return", "const a = 1;\nreturn a + 1;\nthrow 1", 2],
  ["program.return", "if (true) { return { a: 1 } }\n5", { a: 1 }],
  ["program.return", "for (const n of [1, 2, 3]) { if (n === 2) return n }", 2],
  ["program.return", "return", undefined],
  [
    "program.await",
    "const { n } = await file_system.read({ n: (await file_system.read({ n: 1 })).n + 1 });\nn",
    2,
  ],
  [
    "program.await",
    "let sum = 0; for await (const n of (async function* () { yield 1; yield 2 })()) sum += n; sum",
    3,
  ],
  [
    "program.await",
    "[await 1, await Promise.resolve(2)].concat(await (async () => 3)())",
    [1, 2, 3],
  ],
  [
    "program.await",
    "const list = await Promise.all([1, 2].map(async (n) => (await file_system.read({ n })).n));\nlist",
    [1, 2],
  ],
  ["program.object", "{ a: 1, b: [2] }", { a: 1, b: [2] }],
  ["program.object", "{ a: await file_system.read({ n: 1 }) }", { a: { n: 1 } }],
  ["program.object", "{}", {}],
  ["program.function", "async () => (await file_system.read({ n: 1 })).n", 1],
  ["program.function", "async () => {\n  const a = 1;\n  return a;\n}", 1],
  ["program.function", "(function () { return 3 })", 3],
  ["program.function", "async function main() {\n  return 4;\n}", 4],
  ["program.export-default", "export default async () => 5", 5],
  ["program.export-default", "const a = 1;\nexport default { a }", { a: 1 }],
  ["program.export-default", "export default async function main() { return 6 }", 6],
  ["program.fence", "```ts\nconst a: number = 1;\na\n```", 1],
  ["program.fence", "~~~js\n2\n~~~", 2],
  ["program.fence", "Here is the program:\n\n```typescript\n3\n```\n\nIt gives 3.", 3],
  ["program.typescript", "const f = <T,>(x: T): T => x;\nf<number>(1) as unknown as number", 1],
  [
    "program.typescript",
    "abstract class A { constructor(protected readonly n: number) {} abstract m(): void }\nclass B extends A { m() {} get v() { return this.n } }\nnew B(2).v",
    2,
  ],
  [
    "program.typescript",
    "const x = { a: 1 } satisfies Record<string, number>;\ndeclare const y: string;\nx!.a",
    1,
  ],
  [
    "program.typescript",
    "function f(a: string): string;\nfunction f(a: number): number;\nfunction f(a: any) { return a }\nf(3)",
    3,
  ],
  ["program.typescript", "import type { T } from 'anywhere';\nconst enum E { A = 7 }\nE.A", 7],
  ["program.directives", '"use strict";\n1', 1],
  ["program.directives", "\uFEFF#!/usr/bin/env node\n2 // the end", 2],
  ["program.directives", "label: for (;;) { break label }\n4", 4],
  [
    "program.names",
    "const $load = 1, $value = 2, realm = 3, tools = 4, codemode = 5; [$load, $value, realm, tools, codemode]",
    [1, 2, 3, 4, 5],
    "alone",
  ],
  [
    "program.names",
    "const undefined1 = 1; const async = 2; const of = 3; const let1 = 4; async + of",
    5,
  ],
  [
    "program.names",
    "const { constructor, toString: valueOf } = { constructor: 1, toString: 2 }; [constructor, valueOf]",
    [1, 2],
    "alone",
  ],
];

/** What a program is, and what its value is. */
export function testPrograms({ gives }: Harness): void {
  gives(PROGRAMS);
}
