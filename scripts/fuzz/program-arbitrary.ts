import * as fc from "fast-check";

const VALUES = [
  "undefined",
  "null",
  "NaN",
  "-0",
  "12n",
  "'text'",
  "'\\ud800\\u2028\\0'",
  "[]",
  "({})",
  "[1, , 3]",
  "new Map([[1, {}]])",
  "new Set([1])",
  "new Date(NaN)",
  "/a(?<n>b)/g",
  "Symbol('s')",
  "Symbol.iterator",
  "(() => 1)",
  "(async () => 1)",
  "(class A { static x = 1 })",
  "new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 } })",
  "new Proxy(() => {}, {})",
  "Object.create(null)",
  "Object.freeze(new Error('frozen'))",
  "Promise.resolve(1)",
  "Promise.reject(new Error('r'))",
  "new Promise(() => {})",
  "new Error('e', { cause: [1] })",
  "new AggregateError([1, null], 'many')",
  "new ToolError({ code: 'TIMEOUT', message: 'm' })",
  "globalThis",
  "file_system",
  "file_system.read",
  "tools",
  "console",
  "ToolError",
  "new Uint8Array(3)",
  "new ArrayBuffer(8)",
  "(function* () { yield 1; throw 2 })()",
  "(async function* () { yield 1 })()",
  `JSON.parse('{"__proto__":1,"constructor":2}')`,
  "import.meta",
  "new URL('https://a.b?c')",
  "new URLSearchParams('a=1')",
  "crypto.randomUUID()",
  "new AbortController().signal",
  "({ then(done) { done(1) } })",
  "({ toJSON() { throw 1 }, toString: null })",
  "({ get a() { throw new Error('get') } })",
  "'x'.repeat(1e5)",
  "Array.from({ length: 1000 }, (_, i) => i)",
  "new Date(8.64e15)",
  "new Error('where').stack",
  // What only some sandboxes have.
  "process",
  "process.env",
  "process.versions",
  "require",
  "Buffer.from('b')",
  "import('node:fs')",
  "import('node:timers')",
  "import('node:process')",
  "import('node:module')",
  "import('no-such-package')",
  "fetch",
  "a",
  "b",
  "this",
] as const;

const GLOBALS = [
  "Promise",
  "JSON",
  "Object",
  "Array",
  "Error",
  "Map",
  "Symbol",
  "Function",
  "String",
  "Reflect",
  "console",
  "setTimeout",
  "tools",
  "Date",
  "RegExp",
  "WeakMap",
] as const;

const MEMBERS = [
  "then",
  "toString",
  "toJSON",
  "constructor",
  "length",
  "name",
  "message",
  "stack",
  "call",
  "apply",
  "resolve",
  "stringify",
  "next",
  "map",
  "push",
  "0",
  "__proto__",
  "prepareStackTrace",
  "stackTraceLimit",
  "value",
  "get",
  "code",
  "id",
  "keys",
  "defineProperty",
] as const;

const join = (parts: TemplateStringsArray, ...holes: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...holes).map((texts) => String.raw({ raw: parts }, ...texts));

const name = fc.constantFrom("a", "b", "c", "file_system");
const member = fc.constantFrom(...MEMBERS);
const global = fc.constantFrom(...GLOBALS);
const count = fc.integer({ min: 0, max: 50 }).map(String);

interface Grammar {
  readonly expression: string;
  readonly statement: string;
}

type Texts = fc.Arbitrary<string>;

// Where no await can stand.
const atom: Texts = fc.constantFrom(...VALUES);
const property = member.map((text) => (text === "0" ? "length" : text));
const key = member.map((text) => JSON.stringify(text));

function expressions(e: Texts, s: Texts): readonly fc.WeightedArbitrary<string>[] {
  const all = [
    join`(${e} + ${e})`,
    join`[${e}, ...[${e}]]`,
    join`({ a: ${e}, [${e}]: ${e}, get ${property}() { return ${atom} } })`,
    join`await (${e})`,
    join`await file_system.read(${e})`,
    join`await file_system.fail(${e})`,
    join`file_system.wait({ ms: ${count} })`,
    join`tools.call(${e}, ${e})`,
    join`(${e})?.${property}`,
    join`(${e})?.[${e}]`,
    join`(() => ${atom})()`,
    join`(async () => { ${s} })()`,
    join`new (${e})(${e})`,
    join`String(${e})`,
    join`JSON.stringify(${e})`,
    join`structuredClone(${e})`,
    join`Reflect.ownKeys(Object(${e})).length`,
    join`Promise.all([${e}, ${e}])`,
    join`Promise.race([${e}])`,
    join`import(${e})`,
    join`(${e})?.constructor?.constructor("return this")()`,
    join`(${e} instanceof ${e})`,
    join`eval(${e})`,
    join`(${e} as unknown as number)`,
  ].map((arbitrary) => ({ weight: 1, arbitrary }));
  return [{ weight: 20, arbitrary: atom }, ...all];
}

function statements(e: Texts, s: Texts): readonly fc.WeightedArbitrary<string>[] {
  const all = [
    join`${e};`,
    join`var ${name} = ${e};`,
    join`console.log(${e}, ${e});`,
    join`var { a = ${e}, ...b } = Object(${e});`,
    join`throw ${e};`,
    join`return ${e};`,
    join`try { ${s} } catch (x) { ${s} } finally { ${e} }`,
    join`if (${e}) { ${s} } else { ${s} }`,
    join`for (let i = 0; i < ${count}; i++) { ${s} }`,
    join`for (const x of [${e}, ${e}]) { ${s} }`,
    join`setTimeout(async () => { ${s} }, ${count});`,
    join`queueMicrotask(async () => { ${s} });`,
    join`Promise.resolve(${e}).then(async (x) => { ${s} });`,
    join`file_system.read(${e});`,
    join`globalThis[${e}] = ${e};`,
    join`${global}.${property} = ${e};`,
    join`${global}.prototype[${key}] = ${e};`,
    join`globalThis.${global} = ${e};`,
    join`Object.defineProperty(Object.prototype, ${key}, { get() { return ${atom} }, set() {}, configurable: true });`,
    join`async function f() { ${s} }`,
    join`var K = class { async ${property}() { ${s} } };`,
    join`interface I { a: ${name} }\ntype T = I;\nvar E = ${e} satisfies unknown;`,
    join`await new Promise((done) => setTimeout(done, ${count}, ${atom}));`,
    join`var g = (n) => n > 0 ? g(n - 1) : ${atom}; g(${count});`,
    fc.constantFrom(
      "for (;;);",
      "for (;;) await null;",
      "(() => { const g = () => g(); g() })();",
      "for (let n = 0; n < 1e4; n++) console.log(n);",
    ),
  ];
  // Each often enough to meet all others, endless ones seldom.
  return all.map((arbitrary, index) => ({
    weight: index < 3 ? 30 : index < 24 ? 10 : 1,
    arbitrary,
  }));
}

const { statement } = fc.letrec((tie: fc.LetrecTypedTie<Grammar>) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    ...expressions(tie("expression"), tie("statement")),
  ),
  statement: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    ...statements(tie("expression"), tie("statement")),
  ),
}));

const tokens = fc.constantFrom(
  ..."{ } ( ) [ ] ; , . ? : => = + ` ${ ' \" / * // /* \\ # @ < > async await function class const let import export from return yield of in new typeof await null 0 a b file_system.read".split(
    " ",
  ),
  "\n",
  "\u2028",
);

/** Programs of every kind: mostly ones that parse, some that do not. */
export const programArbitrary: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(statement, { minLength: 1, maxLength: 6 }).map((all) => all.join("\n")),
  },
  { weight: 1, arbitrary: fc.array(tokens, { maxLength: 40 }).map((all) => all.join(" ")) },
);
