import { expect, vi } from "vitest";

import type { GuestToolCaller } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { callTool } from "./requests.ts";

/** How calls end, and what becomes of those that do not. */
export function testCallEnds({ run, runAll, check, gives }: Harness): void {
  gives([
    [
      "call.in-timer",
      "await new Promise((done) => setTimeout(async () => done(await file_system.read({ n: 1 })), 1))",
      { n: 1 },
    ],
  ]);
  check("call.race", async () => {
    const code =
      "await Promise.race([file_system.wait({ ms: 60_000 }), new Promise((done) => setTimeout(done, 5, 'timer'))])";
    const result = await run(code);

    expect(valueOf(result)).toBe("timer");
    expect(result.warnings).toMatchObject([{ code: "UNAWAITED_CALLS" }]);
  });
  check("call.deadline", async () => {
    const code =
      "try { await file_system.wait({ ms: 60_000 }) } catch (e) { var code = e.code }\ncode";

    expect(valueOf(await run(code, { limits: { toolTimeoutMs: 100 } }))).toBe("TOOL_TIMEOUT");
  });
  check("call.deaf", async () => {
    const code = "try { await file_system.read({}) } catch (e) { var code = e.code }\ncode";
    const options = {
      limits: { toolTimeoutMs: 100 },
      callTool: () => new Promise<never>(() => undefined),
    };

    expect(valueOf(await run(code, options))).toBe("TOOL_TIMEOUT");
  });
  check("call.result-size", async () => {
    expect(
      errorOf(await run("await file_system.big({})", { limits: { maxToolResultBytes: 1_000 } }))
        .code,
    ).toBe("TOOL_RESULT_TOO_LARGE");
  });
  check("call.unawaited", async () => {
    const signals: AbortSignal[] = [];
    const watching: GuestToolCaller = (call, options) => {
      signals.push(options.signal);
      return callTool(call, options);
    };
    const result = await run("file_system.wait({ ms: 5000 }); await file_system.read({}); 1", {
      callTool: watching,
    });

    expect(valueOf(result)).toBe(1);
    expect(result.warnings).toMatchObject([
      { code: "UNAWAITED_CALLS", message: expect.stringContaining("file-system.wait") },
    ]);
    expect(signals[0]?.aborted).toBe(true);
  });
  check("call.unawaited-failure", async () => {
    const result = await run("file_system.fail({}); await file_system.wait({ ms: 20 }); 1");

    expect(valueOf(result)).toBe(1);
    expect(result.warnings).toMatchObject([
      { code: "UNHANDLED_REJECTION", message: expect.stringContaining("no such file") },
    ]);
  });
  check("call.late", async () => {
    const spy = vi.fn<GuestToolCaller>(callTool);
    const late =
      "let refused; (async () => { for (let i = 0; i < 50; i++) await null; try { await file_system.read({}) } catch (e) { refused = e.code } })(); 1";
    const [first, second] = await runAll([late, "refused"], { callTool: spy });

    expect(valueOf(first)).toBe(1);
    expect(valueOf(second)).toBe("LATE_CALL");
    expect(spy).not.toHaveBeenCalled();
  });
  check("call.left-loop", async () => {
    const loop =
      "(async () => { for (;;) try { await file_system.wait({ ms: 60_000 }) } catch {} })(); 1";
    const chain = "file_system.wait({ ms: 60_000 }).then(() => 1); 2";
    const results = await runAll([loop, chain, "await file_system.read({}); 3"]);

    expect(results.map((result) => result.calls.length)).toEqual([1, 1, 1]);
    expect(results.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([
      ["UNAWAITED_CALLS"],
      ["UNAWAITED_CALLS"],
      [],
    ]);
  });
}
