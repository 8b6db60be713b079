import { CodemodeError } from "@codemode/core";
import { expect } from "vitest";

import type { GuestToolCaller } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";

const SEEN =
  "try { await file_system.read({}) } catch (e) { var seen = [e.name, e.code, e.message] }\nseen";

function refuse(): Promise<never> {
  return Promise.reject(new CodemodeError("SESSION_LIMIT", "Not today."));
}

function textOf(megabytes: number): GuestToolCaller {
  return () => Promise.resolve("x".repeat(megabytes * 1_000_000));
}

/** What failed calls throw. */
export function testCallFailures({ run, check, gives, fails }: Harness): void {
  gives([
    [
      "call.failure",
      "try { await file_system.fail({}) } catch (e) { var seen = e }\n" +
        "[seen instanceof ToolError, seen instanceof Error, seen.name, seen.tool, seen.code, seen.message, seen.details, seen.retryable]",
      [
        true,
        true,
        "ToolError",
        "file-system.fail",
        "TOOL_FAILED",
        "no such file",
        { errno: 2 },
        true,
      ],
    ],
    [
      "call.failures-apart",
      "(await Promise.allSettled([file_system.read({ n: 1 }), file_system.fail({}), file_system.read({ n: 2 })])).map((one) => one.value ?? one.reason.code)",
      [{ n: 1 }, "TOOL_FAILED", { n: 2 }],
    ],
  ]);
  fails([
    [
      "call.failure-line",
      "const a = 1;\n\nawait file_system.fail({});",
      {
        phase: "tool",
        code: "TOOL_FAILED",
        tool: "file-system.fail",
        line: 3,
        details: { errno: 2 },
      },
    ],
    ["call.positional", 'await file_system.read("a", "b")', { code: "INVALID_ARGUMENTS" }],
    [
      "call.unknown-tool",
      "await file_system.raed({})",
      { code: "TOOL_NOT_FOUND", message: expect.stringContaining("Did you mean") },
    ],
    [
      "call.host-function-failure",
      "await tools.search('x')",
      { code: "TOOL_NOT_FOUND", name: "ToolError" },
    ],
  ]);

  const thrown: readonly (readonly [string, GuestToolCaller])[] = [
    ["an error", () => Promise.reject(new Error("socket closed"))],
    [
      "an error at once",
      () => {
        throw new Error("socket closed");
      },
    ],
    // oxlint-disable-next-line prefer-promise-reject-errors -- hosts reject with anything
    ["a text", () => Promise.reject("socket closed")],
    // oxlint-disable-next-line prefer-promise-reject-errors -- hosts reject with anything
    ["nothing", () => Promise.reject()],
  ];
  for (const [what, callTool] of thrown) {
    const body = async (): Promise<void> => {
      const [name, code, message] = Object.values(Object(valueOf(await run(SEEN, { callTool }))));

      expect([name, code]).toEqual(["ToolError", "TOOL_FAILED"]);
      expect(message).toContain(what === "nothing" ? "failed" : "socket closed");
      expect(message).not.toMatch(/\.ts|\bat /);
    };
    check("call.foreign-failure", body, what);
  }
  check("call.large-answer", async () => {
    const code = "(await file_system.read({})).length";
    const limits = { maxToolResultBytes: 16_000_000, timeoutMs: 60_000 };

    expect(valueOf(await run(code, { limits, callTool: textOf(10) }))).toBe(10_000_000);
    const refused = errorOf(await run(code, { limits, callTool: textOf(64) }));
    expect(refused.code).toBe("TOOL_RESULT_TOO_LARGE");
    expect(valueOf(await run("1 + 1"))).toBe(2);
  });
  check("call.foreign-failure", async () => {
    expect(errorOf(await run("await file_system.read({})", { callTool: refuse }))).toMatchObject({
      code: "GUEST_ERROR",
      message: "Not today.",
    });
  });
  check("call.empty-answer", async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a host in JavaScript may answer nothing
    const callTool = (() => Promise.resolve()) as unknown as GuestToolCaller;

    expect(valueOf(await run("await file_system.read({})", { callTool }))).toBeNull();
  });
  check("call.broken-answer", async () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a host in JavaScript may answer anything
    const callTool = (() => Promise.resolve(cycle)) as unknown as GuestToolCaller;

    expect(valueOf(await run(SEEN, { callTool }))).toMatchObject({ 1: "TOOL_FAILED" });
  });
}
