import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";

/** What is logged, and timers. */
export function testLogs(harness: Harness): void {
  testLines(harness);
  testFloods(harness);
  testTimers(harness);
}

function testLines({ run, check }: Harness): void {
  check("log.levels", async () => {
    const { logs } = await run(
      "console.debug(1); console.log(2); console.info(3); console.warn(4); console.error(5);",
    );

    expect(logs.map(({ level, text }) => `${level} ${text}`)).toEqual([
      "debug 1",
      "log 2",
      "info 3",
      "warn 4",
      "error 5",
    ]);
    expect(logs.every(({ atMs }) => atMs >= 0)).toBe(true);
  });
  check("log.format", async () => {
    const { logs } = await run(
      'console.log("%s is %d", "a", 1, { b: [1, "c"] }, new Map([[1, 2]]), new TypeError("t"), undefined, null, 1n, () => {});',
    );

    expect(logs[0]?.text).toBe(
      'a is 1 { b: [1, "c"] } Map(1) { 1 => 2 } TypeError: t undefined null 1n [Function: anonymous]',
    );
  });
  check("log.methods", async () => {
    const { logs } = await run(
      'console.group("g"); console.log("in"); console.groupEnd(); console.count(); console.count(); console.assert(1 > 2, "no"); console.assert(true); console.dir({ a: 1 }); console.table([1]); console.time("t"); console.timeEnd("t"); console.trace("here");',
    );

    expect(logs.map(({ text }) => text.replace(/\d+ms$/, "0ms"))).toEqual([
      "g",
      "  in",
      "default: 1",
      "default: 2",
      "Assertion failed: no",
      "{ a: 1 }",
      "[1]",
      "t: 0ms",
      "here",
    ]);
  });
  check("log.streamed", async () => {
    const seen: string[] = [];
    await run('console.log("a"); await file_system.read({}); console.log("b");', {
      onEvent: (event) => void seen.push(event.type === "log" ? event.line.text : event.type),
    });

    expect(seen).toEqual(["a", "call_started", "call_ended", "b"]);
  });
  check("log.unicode", async () => {
    const { logs } = await run(String.raw`console.log("a\nb\u2028c\u0000\u001b[31m\ud800")`);

    expect(logs.map(({ text }) => text)).toEqual(["a\nb\u2028c\0\u001B[31m\uD800"]);
  });
  check("log.hostile", async () => {
    const result = await run(
      "console.log(new Proxy({}, { ownKeys() { throw new Error('no') } })); const a = []; a.push(a); console.log(a);\n" +
        "console.log({ get x() { throw 1 } }, '%s', { toString() { throw 2 } }); console.log(Object.create(null), new Proxy(class {}, {}), Object.create(Error.prototype)); 1",
    );

    expect(valueOf(result)).toBe(1);
    expect(result.logs).toHaveLength(4);
    expect(result.logs[1]?.text).toContain("[Circular]");
  });
}

function testFloods({ run, runAll, check }: Harness): void {
  check("log.live", async () => {
    const seen = new AbortController();
    // Ends by what the line starts alone: were it told at the end only, its limits would end it.
    const result = await run("for (let n = 0; ; n++) if (n < 100) console.log(n);", {
      signal: seen.signal,
      onEvent: ({ type }) => type === "log" && seen.abort(),
      limits: { computeMs: 20_000, timeoutMs: 20_000 },
    });

    expect(errorOf(result).code).toBe("CANCELLED");
    expect(result.logs[0]?.text).toBe("0");
  });
  check("log.capped", async () => {
    const { logs, warnings } = await run(
      "for (let i = 0; i < 100_000; i++) console.log(`line ${i}`);",
      { limits: { maxLogBytes: 2_000 } },
    );
    const numbers = logs.flatMap(({ text }) => /^line (\d+)$/.exec(text)?.[1] ?? []).map(Number);

    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(numbers.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(numbers.at(-1)).toBe(99_999);
    expect(logs.length).toBeLessThan(500);
    expect(logs.filter(({ text }) => text.includes("lines dropped"))).toHaveLength(1);
    expect(warnings).toMatchObject([{ code: "LOGS_TRUNCATED" }]);
  });
  check("log.long-line", async () => {
    const { logs } = await run("console.log('x'.repeat(1e6)); console.log('after')", {
      limits: { maxLogBytes: 2_000 },
    });

    expect(logs[0]?.text).toMatch(/^x+\.\.\. \(line cut\)$/);
    expect(logs.at(-1)?.text).toBe("after");
  });
  check("log.late", async () => {
    const [first, second] = await runAll([
      "(async () => { for (let i = 0; i < 100; i++) await null; console.log('late') })(); console.log('early'); 1",
      "await file_system.read({}); console.log('mine')",
    ]);

    expect(first?.logs.map(({ text }) => text)).toEqual(["early"]);
    expect(second?.logs.map(({ text }) => text)).toEqual(["mine"]);
  });
}

function testTimers({ run, runAll, check, gives }: Harness): void {
  gives([
    [
      "timer.works",
      "const order = []; queueMicrotask(() => order.push('micro'));\n" +
        "const stop = setTimeout(() => order.push('never'), 5); clearTimeout(stop);\n" +
        "let n = 0; await new Promise((done) => { const t = setInterval((step) => { n += step; if (n === 3) { clearInterval(t); done(); } }, 1, 1); });\n" +
        "await new Promise((done) => setTimeout(done, 10));\n[order, n, [setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask].map(({ name }) => name).join()]",
      [["micro"], 3, "setTimeout,clearTimeout,setInterval,clearInterval,queueMicrotask"],
    ],
    [
      "timer.order",
      "const order = []; for (const ms of [60, 30, 0]) setTimeout(() => order.push(ms), ms); await new Promise((done) => setTimeout(done, 120)); order",
      [0, 30, 60],
    ],
    [
      "timer.arguments",
      "clearTimeout(); clearTimeout(null); clearTimeout('x'); clearInterval(12345); clearTimeout({}); await new Promise((done) => setTimeout((a, b) => done([a, b]), 1, 'a', { b: 1 }))",
      ["a", { b: 1 }],
    ],
    [
      "timer.many",
      "let n = 0; await new Promise((done) => { for (let i = 0; i < 1000; i++) setTimeout(() => { n += 1; if (n === 1000) done() }, i % 10) }); n",
      1_000,
    ],
    [
      "timer.microtasks",
      "const order = []; const later = async (n) => { await null; await null; await null; order.push(n) };\n" +
        "for (const n of [1, 2]) setTimeout(() => { order.push(n); later(n + 10) }, 5); await new Promise((done) => setTimeout(done, 50)); order",
      [1, 11, 2, 12],
    ],
  ]);
  check("timer.limit", async () => {
    const error = errorOf(
      await run("for (let i = 0; i < 20_000; i++) setTimeout(() => {}, 5_000)"),
    );

    expect(error.message).toMatch(/timers/);
  });
  check("timer.unawaited", async () => {
    const result = await run("setTimeout(() => console.log('never'), 60_000); 1");

    expect(valueOf(result)).toBe(1);
    expect(result.durationMs).toBeLessThan(30_000);
  });
  check("timer.cleared", async () => {
    const [, after] = await runAll([
      "var ticks = 0; setInterval(() => { ticks += 1 }, 1); 1",
      "await new Promise((done) => setTimeout(done, 30)); ticks",
    ]);

    expect(valueOf(after)).toBe(0);
  });
}
