import { expect, test, vi } from "vitest";

import type { GuestToolCaller, SandboxEvent } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { callTool, errorOf, valueOf } from "./harness.ts";
import type { RequirementId } from "./requirements.ts";

/** How tools are called. */
export function testCalls(harness: Harness): void {
  testSpellings(harness);
  testFailures(harness);
  testManyCalls(harness);
  testEnds(harness);
}

function testSpellings({ run, verifies }: Harness): void {
  const spellings: readonly (readonly [RequirementId, string, unknown])[] = [
    ["call.namespace", 'await file_system.read({ path: "a" })', { path: "a" }],
    ["call.original-name", 'await file_system["read-all"]({ path: "b" })', { path: "b" }],
    ["call.tools", 'await tools.file_system.read({ path: "c" })', { path: "c" }],
    ["call.by-name", 'await tools.call("file-system.read", { path: "d" })', { path: "d" }],
    ["call.no-arguments", "await file_system.read()", {}],
    [
      "call.raw",
      "await file_system.read.raw({ n: 1 })",
      { content: [], structuredContent: { n: 1 } },
    ],
    ["call.then", "(await file_system) === file_system", true],
  ];
  for (const [id, code, value] of spellings) {
    test(verifies(id), async () => {
      expect(valueOf(await run(code))).toEqual(value);
    });
  }

  test(verifies("call.host-function"), async () => {
    const hostFunctions = { "tools.search": async (args: unknown) => JSON.stringify(args) };

    expect(valueOf(await run('await tools.search("q", { limit: 1 })', { hostFunctions }))).toBe(
      '["q",{"limit":1}]',
    );
  });
}

function testFailures({ run, verifies }: Harness): void {
  test(verifies("call.failure"), async () => {
    const code =
      "try { await file_system.fail({}) } catch (e) { var seen = e }\n" +
      "[seen instanceof ToolError, seen.name, seen.tool, seen.code, seen.message, seen.details, seen.retryable]";

    expect(valueOf(await run(code))).toEqual([
      true,
      "ToolError",
      "file-system.fail",
      "TOOL_FAILED",
      "no such file",
      { errno: 2 },
      true,
    ]);
  });
  test(verifies("call.failure-line"), async () => {
    expect(errorOf(await run("const a = 1;\n\nawait file_system.fail({});"))).toMatchObject({
      phase: "tool",
      code: "TOOL_FAILED",
      tool: "file-system.fail",
      line: 3,
      details: { errno: 2 },
    });
  });
  test(verifies("call.positional"), async () => {
    expect(errorOf(await run('await file_system.read("a", "b")')).code).toBe("INVALID_ARGUMENTS");
  });
  test(verifies("call.lossy-arguments"), async () => {
    const spy = vi.fn<GuestToolCaller>(callTool);
    const error = errorOf(
      await run("await file_system.read({ amount: [NaN] })", { callTool: spy }),
    );

    expect(error).toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining("args.amount[0] is NaN"),
    });
    const others = [
      "1n",
      "new Map()",
      "() => 1",
      "Symbol('s')",
      "(() => { const c = {}; c.c = c; return c })()",
    ];
    const codes = await Promise.all(
      others.map(
        async (value) =>
          errorOf(await run(`await file_system.read({ value: ${value} })`, { callTool: spy })).code,
      ),
    );

    expect(new Set(codes)).toEqual(new Set(["INVALID_ARGUMENTS"]));
    expect(spy).not.toHaveBeenCalled();
  });
  test(verifies("call.unknown-tool"), async () => {
    expect(errorOf(await run("await file_system.raed({})"))).toMatchObject({
      code: "TOOL_NOT_FOUND",
      message: expect.stringContaining("Did you mean"),
    });
  });
}

function testManyCalls({ run, verifies }: Harness): void {
  test(verifies("call.parallel"), async () => {
    const result = await run(
      "await Promise.all(Array.from({ length: 5 }, () => file_system.wait({ ms: 100 }))); 1",
    );
    const lastStart = Math.max(...result.calls.map((call) => call.startedMs));
    const firstEnd = Math.min(...result.calls.map((call) => call.startedMs + call.durationMs));

    expect(lastStart).toBeLessThan(firstEnd);
  });
  test(verifies("call.many-parallel"), async () => {
    const code =
      "const all = await Promise.all(Array.from({ length: 1000 }, (_, n) => file_system.read({ n })));\nall.every(({ n }, i) => n === i)";

    expect(valueOf(await run(code))).toBe(true);
  });
  test(verifies("call.many-serial"), async () => {
    const code =
      "let sum = 0; for (let n = 0; n < 200; n++) sum += (await file_system.read({ n })).n; sum";

    expect(valueOf(await run(code))).toBe(19_900);
  });
  test(verifies("call.queue"), async () => {
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
  test(verifies("call.records"), async () => {
    const { calls } = await run(
      "await file_system.read({}); try { await file_system.fail({}) } catch {}\n1",
    );

    expect(calls).toMatchObject([
      { tool: "file-system.read", ok: true },
      { tool: "file-system.fail", ok: false, errorCode: "TOOL_FAILED" },
    ]);
  });
  test(verifies("call.events"), async () => {
    const events: SandboxEvent[] = [];
    await run("await file_system.read({ n: 1 })", { onEvent: (event) => void events.push(event) });

    expect(events).toMatchObject([
      { type: "call_started", tool: "file-system.read", args: { n: 1 } },
      { type: "call_ended", tool: "file-system.read", ok: true },
    ]);
  });
}

function testEnds({ run, runAll, verifies }: Harness): void {
  test(verifies("call.deadline"), async () => {
    const code =
      "try { await file_system.wait({ ms: 5000 }) } catch (e) { var code = e.code }\ncode";

    expect(valueOf(await run(code, { limits: { toolTimeoutMs: 100 } }))).toBe("TOOL_TIMEOUT");
  });
  test(verifies("call.result-size"), async () => {
    expect(
      errorOf(await run("await file_system.big({})", { limits: { maxToolResultBytes: 1_000 } }))
        .code,
    ).toBe("TOOL_RESULT_TOO_LARGE");
  });
  test(verifies("call.unawaited"), async () => {
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
  test(verifies("call.late"), async () => {
    const spy = vi.fn<GuestToolCaller>(callTool);
    const late =
      "let refused; (async () => { for (let i = 0; i < 50; i++) await null; try { await file_system.read({}) } catch (e) { refused = e.code } })(); 1";
    const [first, second] = await runAll([late, "refused"], { callTool: spy });

    expect(valueOf(first)).toBe(1);
    expect(valueOf(second)).toBe("LATE_CALL");
    expect(spy).not.toHaveBeenCalled();
  });
}
