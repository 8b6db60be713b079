import { expect, test } from "vitest";

import type { Harness } from "./harness.ts";
import { valueOf } from "./harness.ts";

/** What is logged, and timers. */
export function testLogs({ run, runAll, verifies }: Harness): void {
  test(verifies("log.levels"), async () => {
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
  test(verifies("log.format"), async () => {
    const { logs } = await run(
      'console.log("%s is %d", "a", 1, { b: [1, "c"] }, new Map([[1, 2]]), new TypeError("t"), undefined, null, 1n, () => {});',
    );

    expect(logs[0]?.text).toBe(
      'a is 1 { b: [1, "c"] } Map(1) { 1 => 2 } TypeError: t undefined null 1n [Function: anonymous]',
    );
  });
  test(verifies("log.streamed"), async () => {
    const seen: string[] = [];
    await run('console.log("a"); await file_system.read({}); console.log("b");', {
      onEvent: (event) => void seen.push(event.type === "log" ? event.line.text : event.type),
    });

    expect(seen).toEqual(["a", "call_started", "call_ended", "b"]);
  });
  test(verifies("log.capped"), async () => {
    const { logs, warnings } = await run(
      "for (let i = 0; i < 100_000; i++) console.log(`line ${i}`);",
      { limits: { maxLogBytes: 2_000 } },
    );

    expect(logs[0]?.text).toBe("line 0");
    expect(logs.at(-1)?.text).toBe("line 99999");
    expect(logs.length).toBeLessThan(500);
    expect(warnings).toMatchObject([{ code: "LOGS_TRUNCATED" }]);
  });
  test(verifies("log.hostile"), async () => {
    const result = await run(
      "console.log(new Proxy({}, { ownKeys() { throw new Error('no') } })); const a = []; a.push(a); console.log(a); 1",
    );

    expect(valueOf(result)).toBe(1);
    expect(result.logs[1]?.text).toContain("[Circular]");
  });
  test(verifies("timer.works"), async () => {
    const code =
      "const order = []; queueMicrotask(() => order.push('micro'));\n" +
      "const stop = setTimeout(() => order.push('never'), 5); clearTimeout(stop);\n" +
      "let n = 0; await new Promise((done) => { const t = setInterval((step) => { n += step; if (n === 3) { clearInterval(t); done(); } }, 1, 1); });\n" +
      "await new Promise((done) => setTimeout(done, 10));\n[order, n]";

    expect(valueOf(await run(code))).toEqual([["micro"], 3]);
  });
  test(verifies("timer.cleared"), async () => {
    const [, after] = await runAll([
      "var ticks = 0; setInterval(() => { ticks += 1 }, 1); 1",
      "await new Promise((done) => setTimeout(done, 30)); ticks",
    ]);

    expect(valueOf(after)).toBe(0);
  });
}
