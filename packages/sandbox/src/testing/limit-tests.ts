import { expect } from "vitest";

import type { ExecuteRequest, GuestToolCaller } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { codeOf, errorOf, valueOf } from "./harness.ts";
import { callTool } from "./requests.ts";

const SHORT = { limits: { timeoutMs: 400, computeMs: 200 } };
// Far apart, so that a busy machine does not reach the one before the other.
const COMPUTE: Partial<ExecuteRequest> = { limits: { timeoutMs: 10_000, computeMs: 200 } };
const BOMBS = [
  "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });",
  "const a = []; for (;;) a.push(new Array(1e5).fill(a.length));",
];

/** What happens at the limits. */
export function testLimits(harness: Harness): void {
  testTimes(harness);
  testSizes(harness);
}

function testTimes(harness: Harness): void {
  testDeadlines(harness);
  testLoops(harness);
}

function testDeadlines({ run, runAll, runStopped, check }: Harness): void {
  check("limit.timeout", async () => {
    const waits = "await new Promise((done) => setTimeout(done, 60_000))";
    const [stuck, after] = await runStopped(waits, () => SHORT);

    expect(errorOf(stuck)).toMatchObject({
      phase: "limit",
      code: "TIMEOUT",
      message: expect.stringContaining("400 ms"),
    });
    expect(valueOf(after)).toBe(1);
  });
  check("limit.stalled", async () => {
    const limits = { timeoutMs: 50_000 };
    const waits = [
      "await new Promise(() => {})",
      "await file_system.read({}); await new Promise((done) => setTimeout(done, 10)); await Promise.race([])",
      "const never = (async function* () { await new Promise(() => {}) })(); for await (const _ of never);",
    ];
    const [, ...results] = await runAll(["const kept = 1;", ...waits, "kept"], { limits });

    for (const result of results.slice(0, -1)) {
      expect(errorOf(result)).toMatchObject({ phase: "run", code: "STALLED" });
      expect(result.durationMs).toBeLessThan(30_000);
    }
    expect(valueOf(results.at(-1))).toBe(1);
  });
  check("limit.waiting", async () => {
    const slow =
      "await new Promise((done) => setTimeout(done, 150)); await file_system.wait({ ms: 150 }); 2";

    expect(errorOf(await run("await new Promise(() => {})", SHORT)).code).toMatch(
      /^(STALLED|TIMEOUT)$/,
    );
    expect(valueOf(await run(slow))).toBe(2);
  });
  check("limit.timeout-in-call", async () => {
    const signals: AbortSignal[] = [];
    const watching: GuestToolCaller = (call, options) => {
      signals.push(options.signal);
      return callTool(call, options);
    };
    const error = errorOf(
      await run("await file_system.wait({ ms: 60_000 })", { ...SHORT, callTool: watching }),
    );

    expect(error).toMatchObject({ phase: "limit", code: "TIMEOUT" });
    expect(error.hints.join(" ")).toContain("file-system.wait");
    expect(signals[0]?.aborted).toBe(true);
  });
  check("limit.timeout-caught", async () => {
    const code =
      "for (;;) { try { await file_system.wait({ ms: 60_000 }) } catch (e) { console.log(e.code) } }";
    const result = await run(code, SHORT);

    expect(["TIMEOUT", "COMPUTE_LIMIT"]).toContain(errorOf(result).code);
    expect(result.calls).toHaveLength(1);
    expect(valueOf(await run("1"))).toBe(1);
  });
}

function testLoops({ run, runAll, runStopped, check }: Harness): void {
  check("limit.compute", async () => {
    const [stuck, after] = await runStopped("for (;;);", () => COMPUTE);

    expect(errorOf(stuck)).toMatchObject({ phase: "limit", code: "COMPUTE_LIMIT" });
    expect(valueOf(after)).toBe(1);
  });
  const afterLargeCatalog = async (): Promise<void> => {
    const tools = Array.from({ length: 60_000 }, (_, n) => ({
      identifier: `tool_${n}`,
      tool: `large.tool_${n}`,
    }));
    const servers = [{ server: "large", identifier: "large", tools }];
    const [first, second] = await runAll([{ code: "1", limits: { computeMs: 1 } }, "2"], {
      catalog: { revision: "large", servers, modules: [] },
    });

    // The catalog takes longer than the program has, and is not what is stopped.
    expect([undefined, "COMPUTE_LIMIT"]).toContain(codeOf(first));
    expect(valueOf(second)).toBe(2);
  };
  check("limit.compute", afterLargeCatalog, "with a large catalog");
  const loops = [
    ["limit.compute-after-call", "await file_system.read({}); for (;;);"],
    [
      "limit.compute-in-timer",
      "setTimeout(() => { for (;;); }, 1); await new Promise((done) => setTimeout(done, 60_000))",
    ],
    ["limit.compute-in-value", "({ a: { get b() { for (;;); } } })"],
  ] as const;
  for (const [id, code] of loops) {
    check(id, async () => {
      const [stuck, after] = await runAll([{ code, ...COMPUTE }, "1"]);

      expect(errorOf(stuck).code).toMatch(/^(COMPUTE_LIMIT|TIMEOUT)$/);
      expect(stuck?.durationMs).toBeLessThan(15_000);
      expect(after?.ok === true || errorOf(after).code === "SESSION_LOST").toBe(true);
    });
  }
  check("limit.cut-off", async () => {
    const cut =
      "setInterval(() => {}, 1); for (let i = 0; i < 50; i++) file_system.wait({ ms: 150 + i }); await null; for (;;);";
    const cutOff = {
      code: cut,
      limits: { timeoutMs: 200, computeMs: 200, maxConcurrentCalls: 50 },
    };
    const all = await runAll([cutOff, "1", cutOff, "2", cutOff, "3"]);

    // A busy machine may need force: from then on the session is lost.
    const lostAt = all.findIndex((result) => codeOf(result) === "SESSION_LOST");
    const kept = all.slice(0, lostAt === -1 ? all.length : lostAt);
    expect(kept.length).toBeGreaterThan(0);
    for (const [index, result] of kept.entries()) {
      if (index % 2 === 0) expect(errorOf(result).code).toMatch(/^(COMPUTE_LIMIT|TIMEOUT)$/);
      else expect(result.ok).toBe(true);
    }
  });
  check("limit.microtasks", async () => {
    const [stuck, after] = await runAll([{ code: "for (;;) await null", ...SHORT }, "1"]);

    expect(["COMPUTE_LIMIT", "TIMEOUT"]).toContain(errorOf(stuck).code);
    expect(after?.ok === true || errorOf(after).code === "SESSION_LOST").toBe(true);
  });
  check("limit.hard-kill", async () => {
    const code = "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)";
    const [stuck, after] = await runAll([{ code, ...SHORT }, "1"]);

    expect(errorOf(stuck)).toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("variables are gone"),
    });
    expect(errorOf(after).code).toBe("SESSION_LOST");
    expect(valueOf(await run("1"))).toBe(1);
  });
  check("limit.soft-kill", async () => {
    expect(errorOf(await run("for (;;);", SHORT)).code).toMatch(/^(COMPUTE_LIMIT|TIMEOUT)$/);
    expect(valueOf(await run("1"))).toBe(1);
  });
}

function testSizes({ run, runAll, check }: Harness): void {
  const limits = { timeoutMs: 50_000, computeMs: 50_000 };
  check("limit.memory", async () => {
    const results = await Promise.all(BOMBS.map((code) => runAll([code, "1"], { limits })));

    for (const [bomb, after] of results) {
      expect(errorOf(bomb).code).toBe("MEMORY_LIMIT");
      expect(errorOf(after).code).toBe("SESSION_LOST");
    }
  });
  check("limit.memory-soft", async () => {
    const results = await Promise.all(BOMBS.map((code) => runAll([code], { limits })));

    for (const [bomb] of results) {
      expect(errorOf(bomb).code).toMatch(/^(MEMORY_LIMIT|SANDBOX_CRASHED|GUEST_ERROR)$/);
    }
    expect(valueOf(await run("1"))).toBe(1);
  });
  check("limit.value-size", async () => {
    const [large, after] = await runAll(["const big = 'x'.repeat(5000); big", "big.length"], {
      limits: { maxValueBytes: 1_000 },
    });

    expect(errorOf(large)).toMatchObject({
      phase: "limit",
      code: "RESULT_TOO_LARGE",
      message: expect.stringContaining("1000"),
    });
    expect(valueOf(after)).toBe(5_000);
  });
  check("limit.source-size", async () => {
    expect(errorOf(await run("1 + 1 + 1", { limits: { maxSourceBytes: 5 } })).code).toBe(
      "SOURCE_TOO_LARGE",
    );
  });
  check("limit.defaults", async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what callers without strict types give
    const unset = { timeoutMs: undefined, maxSourceBytes: undefined } as unknown as {};

    expect(valueOf(await run("1", { limits: unset }))).toBe(1);
  });
}
