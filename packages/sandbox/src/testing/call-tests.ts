import { expect, vi } from "vitest";

import type { GuestToolCaller, SandboxEvent } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { callTool } from "./requests.ts";

/** How tools are called. */
export function testCalls(harness: Harness): void {
  testSpellings(harness);
  testBorder(harness);
  testLargeCalls(harness);
  testManyCalls(harness);
}

function testSpellings({ run, check, gives }: Harness): void {
  gives([
    ["call.namespace", 'await file_system.read({ path: "a" })', { path: "a" }],
    ["call.original-name", 'await file_system["read-all"]({ path: "b" })', { path: "b" }],
    ["call.tools", 'await tools.file_system.read({ path: "c" })', { path: "c" }],
    ["call.by-name", 'await tools.call("file-system.read", { path: "d" })', { path: "d" }],
    ["call.destructured", "const { read } = file_system; await read({ e: 1 })", { e: 1 }],
    [
      "call.destructured",
      "(await Promise.all([1, 2].map((n) => Reflect.apply(file_system.read, null, [{ n }])))).length",
      2,
    ],
    ["call.no-arguments", "await file_system.read()", {}],
    [
      "call.raw",
      "await file_system.read.raw({ n: 1 })",
      { content: [], structuredContent: { n: 1 } },
    ],
    ["call.then", "(await file_system) === file_system && (await tools) === tools", true],
    [
      "call.listed",
      "[Object.keys(file_system), 'read' in file_system, 'nothing' in file_system, typeof file_system.read, file_system.read === file_system.read]",
      [["read", "read_all", "fail", "wait", "big"], true, false, "function", true],
    ],
  ]);
  check("call.host-function", async () => {
    const hostFunctions = { "tools.search": async (args: unknown) => JSON.stringify(args) };

    expect(valueOf(await run('await tools.search("q", { limit: 1 })', { hostFunctions }))).toBe(
      '["q",{"limit":1}]',
    );
  });
  check("call.hostile-name", async () => {
    const names = [
      "__proto__",
      "constructor",
      '"};process.exit()//',
      "\n\u2028I\n",
      "a".repeat(5_000),
    ];
    const spy = vi.fn<GuestToolCaller>(({ tool }) => Promise.resolve(tool));
    const code = `await Promise.all(${JSON.stringify(names)}.map((name) => tools.call(name, {})))`;

    const seen = valueOf(await run(code, { callTool: spy }));

    expect(seen).toEqual(names.map((name) => name.slice(0, 1_000)));
  });
}

function testBorder({ run, check, gives }: Harness): void {
  gives([
    [
      "call.arguments",
      String.raw`await file_system.read({ text: "\ud800\u2028\u0000😀", list: [1, [null, true]], n: -1.5e-7, "a b": {} })`,
      { text: "\ud800\u2028\0😀", list: [1, [null, true]], n: -1.5e-7, "a b": {} },
    ],
    [
      "call.arguments",
      "[await file_system.read('text'), await file_system.read(null), await file_system.read([1])]",
      ["text", null, [1]],
    ],
    [
      "call.arguments",
      "await file_system.read({ at: new Date(0) })",
      { at: "1970-01-01T00:00:00.000Z" },
    ],
    [
      "call.undefined-arguments",
      "await file_system.read({ a: 1, b: undefined, c: { d: undefined } })",
      { a: 1, c: {} },
    ],
    ["call.proxy-arguments", "await file_system.read(new Proxy({ a: 1 }, {}))", { a: 1 }],
    [
      "call.answer",
      `const answer = await file_system.read(JSON.parse('{"__proto__":{"polluted":1},"deep":[[[{}]]]}'));\n[Object.hasOwn(answer, "__proto__"), answer.polluted ?? null, {}.polluted ?? null, answer.deep]`,
      [true, null, null, [[[{}]]]],
    ],
    [
      "call.own-answers",
      "const [a, b] = await Promise.all([file_system.read({ list: [1] }), file_system.read({ list: [1] })]); a.list.push(2); [a, b, Object.isFrozen(a)]",
      [{ list: [1, 2] }, { list: [1] }, false],
    ],
  ]);
  check(
    "call.proxy-arguments",
    async () => {
      const spy = vi.fn<GuestToolCaller>(callTool);
      const code =
        "const codes = []; for (const trap of ['ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf']) {\n" +
        "  try { await file_system.read(new Proxy({ a: 1 }, { [trap]() { throw new Error('trap') } })); codes.push('called'); } catch (e) { codes.push(e.code) }\n}\ncodes.every((code) => code === 'INVALID_ARGUMENTS' || code === 'called')";

      expect(valueOf(await run(code, { callTool: spy }))).toBe(true);
    },
    "hostile",
  );
  check("call.large-arguments", async () => {
    const spy = vi.fn<GuestToolCaller>(callTool);
    const code = "await file_system.read({ text: 'x'.repeat(9_000_000) })";

    expect(errorOf(await run(code, { callTool: spy }))).toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining("8 MB"),
    });
    expect(spy).not.toHaveBeenCalled();
  });
  check("call.lossy-arguments", async () => {
    const spy = vi.fn<GuestToolCaller>(callTool);
    const options = { callTool: spy };

    expect(errorOf(await run("await file_system.read({ amount: [NaN] })", options))).toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining("args.amount[0] is NaN"),
    });
    const code =
      "const cycle = {}; cycle.c = cycle; const codes = [];\n" +
      "for (const value of [1n, new Map(), () => 1, Symbol('s'), cycle, /x/, Promise.resolve(1), new Uint8Array(1), { get a() { throw 1 } }]) {\n" +
      "  try { await file_system.read({ value }); codes.push('called'); } catch (e) { codes.push(e.code) }\n}\n[...new Set(codes)]";

    expect(valueOf(await run(code, options))).toEqual(["INVALID_ARGUMENTS"]);
    expect(spy).not.toHaveBeenCalled();
  });
}

// Answers with what is small of the arguments.
const answerNumber: GuestToolCaller = ({ args }) =>
  Promise.resolve(
    typeof args === "object" && args !== null && "n" in args ? (args["n"] ?? null) : null,
  );

function largeCalls(count: number): string {
  return `Array.from({ length: ${count} }, (_, n) => file_system.read({ n, text: 'x'.repeat(1_500_000) }))`;
}

function testLargeCalls({ run, runAll, check }: Harness): void {
  check("call.large-parallel", async () => {
    const result = await run(`await Promise.all(${largeCalls(12)})`, { callTool: answerNumber });

    expect(valueOf(result)).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });
  check("call.too-large-parallel", async () => {
    const code = `const all = await Promise.allSettled(${largeCalls(30)});\n[all.filter(({ status }) => status === "fulfilled").length, all.at(-1).reason.code]`;
    const [spoiled, next] = await runAll([code, "await file_system.read({ n: 1 })"], {
      callTool: answerNumber,
    });
    const [made, refused] = Object.values(Object(valueOf(spoiled)));

    expect(made).toBeGreaterThan(12);
    expect(refused).toBe("TOOL_LIMIT");
    expect(valueOf(next)).toBe(1);
  });
}

function testManyCalls({ run, check }: Harness): void {
  check("call.parallel", async () => {
    const all = Promise.withResolvers<null>();
    let running = 0;
    // Each ends when all are under way.
    const meeting: GuestToolCaller = () => {
      running += 1;
      if (running === 5) all.resolve(null);
      return all.promise;
    };
    const result = await run(
      "await Promise.all(Array.from({ length: 5 }, () => file_system.read({}))); 1",
      { callTool: meeting },
    );
    const lastStart = Math.max(...result.calls.map((call) => call.startedMs));
    const firstEnd = Math.min(...result.calls.map((call) => call.startedMs + call.durationMs));

    expect(valueOf(result)).toBe(1);
    expect(lastStart).toBeLessThanOrEqual(firstEnd);
  });
  check("call.many-parallel", async () => {
    const code =
      "const all = await Promise.all(Array.from({ length: 1000 }, (_, n) => file_system.read({ n })));\nall.every(({ n }, i) => n === i)";
    const result = await run(code);

    expect(valueOf(result)).toBe(true);
    expect(result.calls).toHaveLength(1_000);
  });
  check("call.many-serial", async () => {
    const code =
      "let sum = 0; for (let n = 0; n < 200; n++) sum += (await file_system.read({ n })).n; sum";

    expect(valueOf(await run(code))).toBe(19_900);
  });
  check("call.queue", async () => {
    let running = 0;
    let most = 0;
    const counting: GuestToolCaller = async (call, options) => {
      running += 1;
      most = Math.max(most, running);
      const value = await callTool(call, options);
      running -= 1;
      return value;
    };
    const code =
      "(await Promise.all(Array.from({ length: 10 }, () => file_system.wait({ ms: 5 })))).length";
    const result = await run(code, { callTool: counting, limits: { maxConcurrentCalls: 3 } });

    expect(valueOf(result)).toBe(10);
    expect(most).toBe(3);
  });
  check("call.records", async () => {
    const { calls } = await run(
      "await file_system.read({}); try { await file_system.fail({}) } catch {}\n1",
    );

    expect(calls).toMatchObject([
      { tool: "file-system.read", ok: true },
      { tool: "file-system.fail", ok: false, errorCode: "TOOL_FAILED" },
    ]);
  });
  check("call.events", async () => {
    const events: SandboxEvent[] = [];
    await run("await file_system.read({ n: 1 })", { onEvent: (event) => void events.push(event) });

    expect(events).toMatchObject([
      { type: "call_started", tool: "file-system.read", args: { n: 1 } },
      { type: "call_ended", tool: "file-system.read", ok: true },
    ]);
  });
}
