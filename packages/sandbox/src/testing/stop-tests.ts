import { expect, vi } from "vitest";

import type { GuestToolCaller, Sandbox } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { callTool, toRequest } from "./requests.ts";

const ENDED = /^(CANCELLED|SANDBOX_DISPOSED|SESSION_LOST|SANDBOX_CRASHED)$/;
const WAITS = "await file_system.wait({ ms: 60_000 })";
/** Guests start on busy machines too. */
const STARTED = { timeout: 20_000, interval: 10 };

/** How programs are stopped from outside. */
export function testStopping(harness: Harness, createSandbox: () => Sandbox): void {
  testCancelling(harness);
  testDisposing(harness, createSandbox);
}

/** Remembers the signals of calls. */
function watch(signals: AbortSignal[]): GuestToolCaller {
  return (call, options) => {
    signals.push(options.signal);
    return callTool(call, options);
  };
}

function testCancelling({ run, runAll, runStopped, sandbox, check }: Harness): void {
  check("stop.cancel", async () => {
    const signals: AbortSignal[] = [];
    const [stopped, after] = await runStopped(WAITS, () => {
      const canceller = new AbortController();
      const cancelling: GuestToolCaller = (call, options) => {
        setTimeout(() => canceller.abort(), 10);
        return watch(signals)(call, options);
      };
      return { callTool: cancelling, signal: canceller.signal };
    });

    expect(errorOf(stopped).code).toBe("CANCELLED");
    expect(signals[0]?.aborted).toBe(true);
    expect(valueOf(after)).toBe(1);
  });
  check("stop.cancelled-before", async () => {
    const [result] = await runAll(['console.log("ran")'], { signal: AbortSignal.abort() });

    expect(errorOf(result).code).toBe("CANCELLED");
    expect(result?.logs).toEqual([]);
  });
  check("stop.cancel-queued", async () => {
    await using session = await sandbox().openSession();
    const canceller = new AbortController();
    const first = session.execute(toRequest("await file_system.wait({ ms: 100 }); 1"));
    const queued = session.execute(toRequest('console.log("ran")', { signal: canceller.signal }));
    canceller.abort();

    expect(valueOf(await first)).toBe(1);
    expect(await queued).toMatchObject({ ok: false, error: { code: "CANCELLED" }, logs: [] });
  });
  check("stop.cancel-computing", async () => {
    const started = performance.now();
    const [stuck] = await runAll(["for (;;);"], {
      signal: AbortSignal.timeout(100),
      limits: { computeMs: 50_000, timeoutMs: 50_000 },
    });

    expect(errorOf(stuck).code).toBe("CANCELLED");
    expect(performance.now() - started).toBeLessThan(30_000);
  });
  check("stop.cancel-after", async () => {
    const canceller = new AbortController();
    const result = await run("const a = 1; a", { signal: canceller.signal });
    canceller.abort();

    expect(valueOf(result)).toBe(1);
    expect(valueOf(await run("2"))).toBe(2);
  });
}

function testDisposing({ sandbox, check }: Harness, createSandbox: () => Sandbox): void {
  check("stop.dispose", async () => {
    const session = await sandbox().openSession();
    await session[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();

    await expect(session.execute(toRequest("1"))).rejects.toMatchObject({
      code: "SANDBOX_DISPOSED",
    });
  });
  check("stop.dispose-running", async () => {
    const signals: AbortSignal[] = [];
    const session = await sandbox().openSession();
    const running = session.execute(toRequest(WAITS, { callTool: watch(signals) }));
    await vi.waitFor(() => expect(signals).toHaveLength(1), STARTED);

    await session[Symbol.asyncDispose]();

    expect(errorOf(await running).code).toMatch(ENDED);
    expect(signals[0]?.aborted).toBe(true);
  });
  check("stop.dispose-sandbox", async () => {
    const other = createSandbox();
    await other[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();

    await expect(other.openSession()).rejects.toMatchObject({ code: "SANDBOX_DISPOSED" });
  });
  check("stop.dispose-sandbox-running", async () => {
    const signals: AbortSignal[] = [];
    const other = createSandbox();
    const sessions = await Promise.all([other.openSession(), other.openSession()]);
    const running = sessions.map((session) =>
      session.execute(toRequest(WAITS, { callTool: watch(signals) })),
    );
    await vi.waitFor(() => expect(signals).toHaveLength(2), STARTED);

    await other[Symbol.asyncDispose]();

    for (const result of await Promise.all(running)) expect(errorOf(result).code).toMatch(ENDED);
  });
}
