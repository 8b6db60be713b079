import { expect, test } from "vitest";

import type { GuestToolCaller } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { CATALOG, callTool, errorOf, valueOf } from "./harness.ts";

/** What happens at the limits. */
export function testLimits(harness: Harness): void {
  const { run, runAll, verifies, holds } = harness;
  const short = { limits: { timeoutMs: 400, computeMs: 200 } };

  test(verifies("limit.timeout"), async () => {
    const [set, stuck, after] = await runAll(
      ["const kept = 1; kept", "await new Promise(() => {})", "kept"],
      short,
    );

    expect(valueOf(set)).toBe(1);
    expect(errorOf(stuck)).toMatchObject({
      phase: "limit",
      code: "TIMEOUT",
      message: expect.stringContaining("400 ms"),
    });
    expect(valueOf(after)).toBe(1);
  });
  test(verifies("limit.compute"), async () => {
    // Far apart, so that a busy machine does not reach the one before the other.
    const limits = { timeoutMs: 10_000, computeMs: 200 };
    const [, stuck, after] = await runAll(["const kept = 1;", "for (;;);", "kept"], { limits });

    expect(errorOf(stuck)).toMatchObject({ phase: "limit", code: "COMPUTE_LIMIT" });
    expect(valueOf(after)).toBe(1);
  });
  test(verifies("limit.microtasks"), async () => {
    const [stuck, after] = await runAll(["for (;;) await null", "1"], short);

    expect(["COMPUTE_LIMIT", "TIMEOUT"]).toContain(errorOf(stuck).code);
    expect(after?.ok === true || errorOf(after).code === "SESSION_LOST").toBe(true);
  });
  test.runIf(holds("limit.hard-kill"))(verifies("limit.hard-kill"), async () => {
    const [stuck, after] = await runAll(
      ["Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)", "1"],
      short,
    );

    expect(errorOf(stuck)).toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("variables are gone"),
    });
    expect(errorOf(after).code).toBe("SESSION_LOST");
    expect(valueOf(await run("1"))).toBe(1);
  });
  test.runIf(holds("limit.memory"))(verifies("limit.memory"), async () => {
    const bombs = [
      "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });",
      "const a = []; for (;;) a.push(new Array(1e5).fill(a.length));",
    ];
    const results = await Promise.all(
      bombs.map((code) =>
        runAll([code, "1"], { limits: { timeoutMs: 20_000, computeMs: 20_000 } }),
      ),
    );

    for (const [bomb, after] of results) {
      expect(errorOf(bomb).code).toBe("MEMORY_LIMIT");
      expect(errorOf(after).code).toBe("SESSION_LOST");
    }
  });
  test(verifies("limit.value-size"), async () => {
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
  test(verifies("limit.source-size"), async () => {
    expect(errorOf(await run("1 + 1 + 1", { limits: { maxSourceBytes: 5 } })).code).toBe(
      "SOURCE_TOO_LARGE",
    );
  });
  testStopping(harness);
}

function testStopping({ runAll, sandbox, verifies }: Harness): void {
  test(verifies("stop.cancel"), async () => {
    const signals: AbortSignal[] = [];
    const watching: GuestToolCaller = (call, options) => {
      signals.push(options.signal);
      return callTool(call, options);
    };
    await using session = await sandbox().openSession();
    const program = { catalog: CATALOG, callTool: watching, hostFunctions: {} };
    const signal = AbortSignal.timeout(300);
    const code = "var kept = 1; await file_system.wait({ ms: 10_000 })";

    const stopped = await session.execute({ ...program, executionId: "1", code, signal });
    const after = await session.execute({ ...program, executionId: "2", code: "kept" });

    expect(errorOf(stopped).code).toBe("CANCELLED");
    expect(signals[0]?.aborted).toBe(true);
    expect(valueOf(after)).toBe(1);
  });
  test(verifies("stop.cancelled-before"), async () => {
    const [result] = await runAll(['console.log("ran")'], { signal: AbortSignal.abort() });

    expect(errorOf(result).code).toBe("CANCELLED");
    expect(result?.logs).toEqual([]);
  });
  test(verifies("stop.dispose"), async () => {
    const session = await sandbox().openSession();
    await session[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();

    const request = { executionId: "e", code: "1", catalog: CATALOG, callTool, hostFunctions: {} };
    await expect(session.execute(request)).rejects.toMatchObject({ code: "SANDBOX_DISPOSED" });
  });
}
