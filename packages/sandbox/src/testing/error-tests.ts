import { expect } from "vitest";

import type { Harness, ProgramCase } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";

const FAILED: readonly ProgramCase[] = [
  [
    "error.thrown",
    'const a = 1;\nthrow new RangeError("too far");',
    {
      phase: "run",
      code: "GUEST_ERROR",
      name: "RangeError",
      message: "too far",
      line: 2,
      frame: expect.stringContaining('> 2 | throw new RangeError("too far");'),
    },
  ],
  [
    "error.nested-function",
    "function f(x) {\n  return x.y.z;\n}\n\nf({});",
    { name: "TypeError", line: 2 },
  ],
  ["error.callback", "const list = [1, 2];\nlist.map((n) => {\n  return n.a.b;\n});", { line: 3 }],
  [
    "error.after-await",
    "await file_system.read({});\n\nconst late = async () => {\n  await null;\n  null.x;\n};\nawait late();",
    { name: "TypeError", line: 5 },
  ],
  [
    "error.class",
    "class A {\n  constructor() {\n    this.go();\n  }\n  go() {\n    throw new Error('went');\n  }\n}\nnew A();",
    { message: "went", line: 6 },
  ],
  ["error.column", "const o = {};\n  o.a.b;", { line: 2, column: 7 }],
  ["error.column", "if (true) { throw new Error('here') }", { line: 1, column: 19 }],
  [
    "error.typescript-lines",
    "interface A {\n  a: string;\n}\ntype B = A;\nenum E {\n  X,\n}\nconst b: B | undefined = undefined;\nb!.a;",
    { line: 9, column: 4 },
  ],
  [
    "error.syntax",
    "const a = 1;\nconst b = ;",
    { phase: "compile", code: "SYNTAX_ERROR", line: 2, column: 11 },
  ],
  ["error.syntax-kinds", "const a = 1;\nif (a {\n}", { phase: "compile", line: 2 }],
  ["error.syntax-kinds", "const a = 'never closed;\n1", { phase: "compile", line: 1 }],
  ["error.syntax-kinds", "1;\nlet x = 1; let x = 2;", { phase: "compile", line: 2 }],
  ["error.syntax-kinds", "1;\nbreak;", { phase: "compile", line: 2 }],
  ["error.syntax-kinds", "const f = () => {\n  const a = 1;\n", { phase: "compile" }],
  ["error.syntax-kinds", "type A = { a: ;\n};", { phase: "compile", line: 1 }],
  [
    "error.runtime-syntax",
    "const a = 1;\nnew RegExp('(');",
    { phase: "run", code: "GUEST_ERROR", name: "SyntaxError", line: 2 },
  ],
  ["error.runtime-syntax", "JSON.parse('{')", { phase: "run", name: "SyntaxError" }],
  [
    "error.reference",
    "const a = 1;\nmissing + a;",
    { name: "ReferenceError", message: "missing is not defined", line: 2 },
  ],
  ["error.reference", "undeclared = 1;", { name: "ReferenceError", line: 1 }],
  [
    "error.subclass",
    'class QuotaError extends Error { name = "QuotaError" }\nthrow new QuotaError("spent");',
    { code: "GUEST_ERROR", name: "QuotaError", message: "spent", line: 2 },
  ],
  [
    "error.aggregate",
    "await Promise.any([Promise.reject(new Error('one')), Promise.reject(new Error('two'))])",
    { name: "AggregateError", message: expect.stringMatching(/one.*two/) },
  ],
  [
    "error.aggregate",
    "throw new AggregateError([null, 'text', { x: 1 }], 'several')",
    { message: "several (null; text; { x: 1 })" },
  ],
  [
    "error.cause",
    "throw new Error('outer', { cause: { a: 1 } })",
    { message: "outer (cause: { a: 1 })" },
  ],
  ["error.long-message", "\nthrow new Error('x'.repeat(20_000))", { line: 2, column: 7 }],
  [
    "error.module",
    '1;\nimport { x } from "skills/throws";',
    { message: "broken skill", line: 2, origin: expect.objectContaining({ line: 2 }) },
  ],
  ["error.module", '\n\nawait import("skills/throws")', { message: "broken skill", line: 3 }],
  ["error.module-syntax", '\nimport { x } from "skills/unparsable";', { line: 2 }],
  [
    "error.cause",
    "throw new Error('outer', { cause: new TypeError('inner') })",
    { message: expect.stringMatching(/outer.*inner/) },
  ],
  [
    "error.own-code",
    'throw Object.assign(new Error("mine"), { code: "TIMEOUT", tool: "x", name: "ToolError" })',
    { phase: "run", code: "GUEST_ERROR", message: "mine" },
  ],
  [
    "error.rejection",
    'await Promise.reject(new Error("refused"))',
    { message: "refused", code: "GUEST_ERROR" },
  ],
  ["error.non-error", 'throw "plain text"', { message: expect.stringContaining("plain text") }],
  [
    "error.non-error",
    "throw { a: 'an object' }",
    { message: expect.stringContaining("an object") },
  ],
  ["error.primitives", "throw null", { message: "null was thrown" }],
  ["error.primitives", "throw undefined", { message: "undefined was thrown" }],
  ["error.primitives", "throw 12n", { message: "12 was thrown" }],
  ["error.primitives", "throw Symbol('s')", { message: "Symbol(s) was thrown" }],
  ["error.primitives", 'throw ""', { message: "An empty text was thrown" }],
  ["error.primitives", "await Promise.reject()", { message: "undefined was thrown" }],
  [
    "error.odd-errors",
    "throw Object.freeze(new Error('frozen'))",
    { message: "frozen", code: "GUEST_ERROR" },
  ],
  [
    "error.odd-errors",
    "const e = new Error('no stack'); delete e.stack; throw e",
    { message: "no stack" },
  ],
  [
    "error.odd-errors",
    "throw Object.assign(new Error('odd'), { stack: 5, name: 7, message: 'odd' })",
    { message: "odd" },
  ],
  ["error.odd-errors", "throw Object.create(Error.prototype)", { code: "GUEST_ERROR" }],
  ["error.odd-errors", "throw Object.create(null)", { code: "GUEST_ERROR" }],
  [
    "error.hostile-message",
    "throw { get name() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 } }",
    { code: "GUEST_ERROR" },
  ],
  [
    "error.module",
    'import { x } from "skills/throws"; x',
    { code: "GUEST_ERROR", message: "broken skill" },
  ],
  [
    "error.module-syntax",
    'import { x } from "skills/unparsable"; x',
    { message: expect.stringContaining("skills/unparsable") },
  ],
];

/** What becomes of errors. */
export function testErrors({ run, runAll, check, gives, fails }: Harness): void {
  fails(FAILED);
  gives([
    ["error.empty", "", undefined],
    ["error.empty", " \n// nothing\n", undefined],
    [
      "error.stack",
      "type A = 1;\ninterface B {\n  a: A;\n}\nfunction f() {\n  return new Error('x').stack;\n}\nf().match(/:\\d+:\\d+/g)",
      [":6:10", ":8:1"],
    ],
    [
      "error.stack-own-frames",
      "Error.prepareStackTrace = (_, sites) => sites.length;\nconst own = (() => new Error('x').stack)();\nError.prepareStackTrace = undefined;\ntry { delete Error.prepareStackTrace } catch {}\nconst lines = (() => new Error('y').stack)().split('\\n');\n[own, lines.length, lines.filter((line) => /guest|node|isolated|machine|\\.[jt]s/.test(line))]",
      [2, 3, []],
      "alone",
    ],
    [
      "error.stack",
      'import { read } from "generated/servers/file_system";\n\n\nlet seen;\ntry { null.x } catch (e) { seen = e.stack }\nseen.match(/:(\\d+):\\d+/)[1]',
      "5",
    ],
    [
      "error.stack-own-frames",
      "const frames = [1].map(() => new Error('x').stack.split('\\n').slice(1))[0];\nframes.filter((frame) => !/program|Array\\.map/.test(frame))",
      [],
    ],
    [
      "error.stack-earlier",
      [
        "\n\nconst thrower = () => {\n  return new Error('x').stack;\n};",
        "\nthrower().split('\\n').slice(1).map((frame) => /(earlier-)?program:\\d+/.exec(frame)[0]) // of a stack",
      ],
      ["earlier-program:4", "program:2"],
    ],
  ]);
  check("error.unhandled-rejection", async () => {
    // In a session of its own: of several in one turn an engine may tell only the first.
    const [result] = await runAll(['Promise.reject(new Error("left alone")); 1']);

    expect(valueOf(result)).toBe(1);
    expect(result?.warnings).toMatchObject([
      { code: "UNHANDLED_REJECTION", message: expect.stringContaining("left alone") },
    ]);
  });
  check("error.unhandled-in-timer", async () => {
    const result = await run(
      "setTimeout(() => { throw new Error('in a timer') }, 1); await new Promise((done) => setTimeout(done, 20)); 1",
    );

    expect(valueOf(result)).toBe(1);
    expect(result.warnings).toMatchObject([
      { code: "UNHANDLED_REJECTION", message: expect.stringContaining("in a timer") },
    ]);
  });
  check("error.long-message", async () => {
    expect(errorOf(await run("throw new Error('x'.repeat(1e6))")).message.length).toBeLessThan(
      10_000,
    );
  });
  check("error.overflow", async () => {
    const [, overflow, after] = await runAll([
      "const kept = 1;",
      "const f = () => f();\n\nf();",
      "typeof kept",
    ]);

    expect(errorOf(overflow)).toMatchObject({ code: "GUEST_ERROR", name: "RangeError" });
    expect(after?.ok).toBe(true);
  });
  check("error.after-failure", async () => {
    const results = await runAll(["null.x", "const b = ;", "import { x } from 'nowhere'", "1 + 1"]);

    expect(valueOf(results.at(-1))).toBe(2);
  });
  check("error.no-host-paths", async () => {
    const thrown = await run("null.x");
    const stack = await run("Error.stackTraceLimit = 100; new Error('x').stack");
    const failed = await run("try { await file_system.fail({}) } catch (e) { e.stack }");

    expect(JSON.stringify([thrown, stack, failed])).not.toMatch(
      /file:\/\/|node:|node_modules|\/(?:home|root|tmp|usr|work)\//,
    );
  });
  check("error.prepare-stack", async () => {
    const [error, after] = await runAll([
      "Error.prepareStackTrace = () => { throw new Error('again') };\nnull.x",
      "1",
    ]);

    expect(errorOf(error).message).toContain("null");
    expect(valueOf(after)).toBe(1);
  });
}
