import { setTimeout } from "node:timers/promises";

import { expect } from "vitest";

import type { GuestToolCaller } from "../sandbox.ts";
import type { Harness } from "./harness.ts";
import { errorOf, valueOf } from "./harness.ts";
import { callTool } from "./requests.ts";

/** `read` asks somebody, who takes `ms`; every other tool is as it is. */
const asking: GuestToolCaller = async (call, options) => {
  if (call.tool !== "file-system.read") return callTool(call, options);
  const goOn = options.pause?.();
  await setTimeout(Number(Object(call.args).ms));
  goOn?.();
  // Letting go twice is letting go once.
  goOn?.();
  return call.args;
};

/** Calls that wait for a person. */
export function testPauses({ run, check }: Harness): void {
  check("call.pause", async () => {
    const code =
      "const asked = await Promise.all([file_system.read({ ms: 4_500 }), file_system.read({ ms: 2_000 })]);\n" +
      "const end = performance.now() + 50; while (performance.now() < end);\n" +
      "await file_system.wait({ ms: 1 });\n" +
      "return asked";
    // Far more than it needs, since the machine may be busy; less than the answers take.
    const limits = { toolTimeoutMs: 1_500, timeoutMs: 4_000 };

    expect(valueOf(await run(code, { callTool: asking, limits }))).toEqual([
      { ms: 4_500 },
      { ms: 2_000 },
    ]);
  });
  check("call.pause-ends", async () => {
    const call = "await file_system.read({ ms: 100 });\nawait file_system.wait({ ms: 60_000 })";
    const outcome = await run(`try { ${call} } catch (e) { return e.code }`, {
      callTool: asking,
      limits: { toolTimeoutMs: 500, timeoutMs: 20_000 },
    });
    const computing = await run("await file_system.read({ ms: 100 });\nfor (;;);", {
      callTool: asking,
      limits: { timeoutMs: 500 },
    });

    expect(valueOf(outcome)).toBe("TOOL_TIMEOUT");
    expect(errorOf(computing).code).toBe("TIMEOUT");
  });
}
