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
  const short = { callTool: asking, limits: { toolTimeoutMs: 300, timeoutMs: 500 } };
  check("call.pause", async () => {
    const code =
      "const asked = await Promise.all([file_system.read({ ms: 900 }), file_system.read({ ms: 500 })]);\n" +
      "const end = performance.now() + 100; while (performance.now() < end);\n" +
      "await file_system.wait({ ms: 1 });\n" +
      "return asked";

    expect(valueOf(await run(code, short))).toEqual([{ ms: 900 }, { ms: 500 }]);
  });
  check("call.pause-ends", async () => {
    const call = "await file_system.read({ ms: 400 });\nawait file_system.wait({ ms: 5_000 })";
    const outcome = await run(`try { ${call} } catch (e) { return e.code }`, short);
    const computing = "await file_system.read({ ms: 400 });\nfor (;;);";

    expect(valueOf(outcome)).toBe("TOOL_TIMEOUT");
    expect(errorOf(await run(computing, short)).code).toBe("TIMEOUT");
  });
}
