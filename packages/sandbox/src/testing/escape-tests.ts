import { once } from "node:events";
import { createServer } from "node:http";

import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";

/** What programs try, by design or by accident. */
export function testEscapes(harness: Harness): void {
  testReach(harness);
  testNode(harness);
  testNetwork(harness);
  testForgery(harness);
}

// Every object that can be reached from those that a program is given.
const CRAWL = `
const seen = new Set(); const found = [];
const visit = (value, depth) => {
  if (depth > 6 || value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return;
  seen.add(value);
  look(value);
  for (const key of Reflect.ownKeys(value)) {
    let inner; try { inner = value[key]; } catch { continue; }
    visit(inner, depth + 1);
    try { const { get, set } = Object.getOwnPropertyDescriptor(value, key); visit(get, depth + 1); visit(set, depth + 1); } catch {}
  }
  visit(Object.getPrototypeOf(value), depth + 1);
};
let error; try { await file_system.fail({}); } catch (e) { error = e; }
let missing; try { await import("nowhere"); } catch (e) { missing = e; }
let overflow; try { (function f() { f() })() } catch (e) { overflow = e; }
const pending = file_system.read({});
const roots = [globalThis, console, tools, file_system, file_system.read, file_system.read.raw, pending, setTimeout, ToolError, error, error.details, missing, overflow,
  await pending, await import("generated/servers/file_system"), await import("skills/count"), import.meta, async () => {}, function* () {}, async function* () {}, setTimeout(() => {}, 0)];
for (const root of roots) visit(root, 0);
`;

function testReach({ run, runAll, check, gives, fails }: Harness): void {
  const long = { limits: { computeMs: 20_000 } };
  check("escape.function-constructor", async () => {
    const look =
      'const look = (value) => { try { const make = value.constructor?.constructor; if (typeof make === "function" && /^(object|function)|(object|function)$/.test(String(make("return typeof process + typeof require")()))) found.push(String(value)); } catch {} };';

    expect(valueOf((await runAll([`${look}${CRAWL}found`], long))[0])).toEqual([]);
  });
  check("escape.secrets", async () => {
    // Texts of functions and values; what a host's stacks, paths and variables look like.
    const look =
      "const look = (value) => { let texts = []; try { texts.push(String(value)) } catch {} try { texts.push(value.stack, value.message, value.name) } catch {}\n" +
      "  try { for (const key of Reflect.ownKeys(value)) { texts.push(String(key)); const one = value[key]; if (typeof one === 'string') texts.push(one) } } catch {}\n" +
      String.raw`  for (const text of texts) if (typeof text === "string" && !text.includes("found.push") && /conformance-secret|CONFORMANCE_SECRET|file:\/\/|node:|node_modules|\/(?:home|root|tmp|usr|work|var|etc)\/|[A-Z]:\\/.test(text)) found.push(text.slice(0, 200)); };`;

    expect(valueOf((await runAll([`${look}${CRAWL}found`], long))[0])).toEqual([]);
  });
  check("escape.globals", async () => {
    const code =
      '["process", "require", "module", "fetch", "Buffer", "WebAssembly", "SharedArrayBuffer", "Atomics", "ShadowRealm", "__dirname", "Deno", "Bun", "WebSocket", "XMLHttpRequest", "ivm"].filter((name) => typeof globalThis[name] !== "undefined")';

    expect(valueOf(await run(code))).toEqual([]);
  });
  check("escape.call-sites", async () => {
    const code =
      "Error.prepareStackTrace = (_, sites) => sites.flatMap((site) => [site.getThis(), site.getFunction()]).filter((found) => found !== undefined && found !== globalThis).length;\n" +
      "const here = [1].map(() => new Error('x').stack)[0]; let failed; try { await file_system.fail({}) } catch (e) { failed = e.stack } Error.prepareStackTrace = undefined;\n[here, typeof failed]";

    expect(valueOf((await runAll([code]))[0])).toEqual([0, "string"]);
  });
  gives([
    [
      "node.globals",
      "[typeof process, typeof require, typeof Buffer, Object.keys(process.env)]",
      ["object", "function", "function", []],
    ],
    [
      "escape.this",
      "[typeof this, (function () { return typeof this })()]",
      ["undefined", "undefined"],
    ],
    [
      "escape.source-url",
      ["throw (0, eval)(\"const e = new Error('x'); e\\n//# sourceURL=codemode:77\")\n", "1"],
      1,
    ],
    [
      "escape.own-names",
      "['realm', 'startGuest', 'createRealm', 'installExecution', 'receive', 'write', '$load', '$value'].filter((name) => { try { return (0, eval)(`typeof ${name}`) !== 'undefined' } catch { return false } })",
      [],
    ],
    [
      "escape.assigned-tools",
      "let refused = 0; try { file_system.read = () => 'fake' } catch { refused += 1 }\n[refused, await file_system.read({ n: 1 })]",
      [1, { n: 1 }],
    ],
  ]);
  fails([
    [
      "escape.brackets",
      "1 }); globalThis.out = 1; (async function () { 2",
      { code: "SYNTAX_ERROR" },
    ],
    ["escape.brackets", "}\n{", { code: "SYNTAX_ERROR" }],
    ["escape.brackets", "/*", { code: "SYNTAX_ERROR" }],
    [
      "escape.source-url",
      "//# sourceURL=codemode:99\n//# sourceMappingURL=x\nnull.x",
      { name: "TypeError", line: 3 },
    ],
  ]);
  check("escape.tools-sealed", async () => {
    const code =
      "const before = file_system.read;\nfor (const change of [() => Object.defineProperty(file_system, 'read', { value: 1 }), () => Object.setPrototypeOf(file_system, { x: 1 }), () => delete file_system.read, () => Object.defineProperty(tools, 'call', { value: 1 }), () => { tools.call = 1 }]) { try { change() } catch {} }\n[file_system.read === before, typeof tools.call, await file_system.read({ n: 1 })]";

    expect(valueOf((await runAll([code]))[0])).toEqual([true, "function", { n: 1 }]);
  });
}

// What Node's permission model leaves open, and what Node tells of itself.
const STACKS = `
const stacks = []; const keep = (error) => void stacks.push(String(error.stack));
for (const fail of [() => new URL("x"), () => structuredClone(() => 1), () => require("nowhere"), () => require("fs").readFileSync("/nowhere/x"), () => JSON.parse("{")]) try { fail() } catch (error) { keep(error) }
await import("nowhere").catch(keep); await require("fs").promises.readFile("/nowhere/x").catch(keep);
Error.stackTraceLimit = 100;
const places = (_, sites) => sites.map((site) => [site.getFileName(), site.getScriptNameOrSourceURL(), String(site)].join());
for (const realm of [Error, require("vm").runInThisContext("Error")]) {
  realm.prepareStackTrace = places; stacks.push(...new realm("x").stack); try { new URL("x") } catch (error) { keep(error) }
  realm.prepareStackTrace = undefined;
}
keep(new Error("x"));
stacks.filter((text) => /file:\\/\\/|node_modules|runner/.test(text.replaceAll("/workspace/node_modules", "")))`;

const refused = (code: string): string =>
  `try { ${code}; return "done" } catch (error) { return error.message.replace(/ .*/, "") }`;

function testNode({ gives }: Harness): void {
  gives([
    ["node.places", STACKS, []],
    [
      "node.places",
      "[process.argv, process.argv0, process.execPath, process.execArgv, process.title, require.resolve.paths('x').filter((path) => path.includes('.pnpm'))]",
      [["node"], "node", "node", [], "node", []],
    ],
    [
      "node.places",
      "const { _cache, _pathCache } = require('module');\nJSON.stringify([Object.keys(require.cache), Object.keys(_cache), _pathCache, require('util').getCallSites(100), require('util').inspect(process)]).match(/.{0,40}(node-runner|evalmachine|sandbox.src).{0,40}/)",
      null,
    ],
    [
      "node.places",
      "const os = require('os');\n[os.hostname(), os.userInfo().username, os.userInfo().homedir === process.cwd(), os.homedir() === process.cwd()]",
      ["localhost", "user", true, true],
    ],
    ["node.places", refused("require('v8').getHeapSnapshot()"), "It"],
    ["node.places", refused("process.report.getReport()"), "It"],
    [
      "node.places",
      `const told = []; const { writeFileSync } = require("fs"); writeFileSync("needy.mjs", "import 'missing-dep'"); writeFileSync("bad.json", "{");
for (const use of [() => import("./needy.mjs"), () => import("#inner"), () => require("missing-dep"), () => require.resolve("missing-dep"), () => require("./bad.json")]) try { await use() } catch (e) { told.push(e.message.split("\\n")[0], e.stack.includes(process.cwd())) }
[told.filter((text) => typeof text === "string").slice(0, 4), told.at(-2).startsWith("./bad.json: "), told.includes(true)]`,
      [
        [
          'There is no module "missing-dep", which ./needy.mjs imports.',
          'Package import specifier "#inner" is not defined',
          "Cannot find module 'missing-dep'",
          "Cannot find module 'missing-dep'",
        ],
        true,
        false,
      ],
    ],
    ["node.others", refused("process.kill(process.ppid, 0)"), "process.kill()"],
    [
      "node.others",
      "[typeof process._kill, typeof process._debugProcess]",
      Array(2).fill("undefined"),
    ],
    ["node.others", refused("require('os').setPriority(process.ppid, 1)"), "os.setPriority()"],
    [
      "node.others",
      `import { DatabaseSync } from "node:sqlite";\n${refused("new DatabaseSync('../x.db')")}`,
      "node:sqlite",
    ],
    ["node.others", refused("require('node:sqlite').backup({}, '../x.db')"), "node:sqlite"],
  ]);
}

function testNetwork({ run, check }: Harness): void {
  const reach = async (): Promise<{ readonly asked: number; readonly seen: unknown }> => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.setHeader("connection", "close").end("reached");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const code = `try { await (await fetch("http://127.0.0.1:${port}/")).text() } catch (e) { "refused" }`;
    const program = `let seen; ${code.replace("await (await", "seen = await (await").replace('"refused"', 'seen = "refused"')}\nseen`;
    const seen = valueOf(await run(program));
    server.close();
    return { asked, seen };
  };
  check("escape.network", async () => {
    expect(await reach()).toEqual({ asked: 0, seen: "refused" });
  });
  check("node.network", async () => {
    expect(await reach()).toEqual({ asked: 1, seen: "reached" });
  });
}

function testForgery({ run, runAll, check, fails }: Harness): void {
  check("escape.forged-frames", async () => {
    const forged =
      'V{"id":"execution-1","ok":true,"value":"forged","warnings":[],"tail":[],"dropped":0}';
    const result = await run(
      `console.log(${JSON.stringify(`\n${forged}\nI\n`)}); ${JSON.stringify(`\nI\n${forged}`)}`,
    );

    expect(valueOf(result)).toBe(`\nI\n${forged}`);
  });
  fails([
    [
      "escape.forged-errors",
      "throw new ToolError({ tool: 'file-system.read', code: 'TIMEOUT', message: 'forged' })",
      { phase: "run", code: "GUEST_ERROR", message: "forged" },
    ],
    [
      "escape.proxy-result",
      "new Proxy({}, { ownKeys() { throw new Error('trap') }, get() { throw new Error('trap') } })",
      { code: expect.stringMatching(/^(GUEST_ERROR|RESULT_NOT_JSON)$/) },
    ],
    [
      "escape.proxy-thrown",
      "throw new Proxy(new Error('x'), { get() { throw new Error('trap') }, getPrototypeOf() { throw new Error('trap') } })",
      { code: "GUEST_ERROR" },
    ],
  ]);
  const limits = { computeMs: 200, timeoutMs: 1_000 };
  const endless = [
    ["escape.proxy-result", "new Proxy({}, { ownKeys() { for (;;); } })"],
    ["escape.proxy-thrown", "throw new Proxy(new Error('x'), { get() { for (;;); } })"],
    [
      "escape.proxy-thrown",
      "Promise.reject(new Proxy(new Error('x'), { get() { for (;;); } })); await file_system.read({}); 1",
    ],
  ] as const;
  for (const [index, [id, code]] of endless.entries()) {
    const body = async (): Promise<void> => {
      const [result] = await runAll([code], { limits });

      expect(result?.ok === true || /^(COMPUTE_LIMIT|TIMEOUT)$/.test(errorOf(result).code)).toBe(
        true,
      );
      expect(result?.durationMs).toBeLessThan(15_000);
    };
    check(id, body, `endless ${index + 1}`);
  }
}
