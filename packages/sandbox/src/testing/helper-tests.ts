import { expect } from "vitest";

import type { Harness } from "./harness.ts";

const WAIT_FOR = 'import { wait_for } from "codemode/helpers";';
const RETRY = 'import { retry } from "codemode/helpers";';
const WITHIN = 'import { run_with_timeout } from "codemode/helpers";';
const PARALLEL = 'import { parallel } from "codemode/helpers";';

/** `codemode/helpers`. */
export function testHelpers({ gives, fails }: Harness): void {
  testWaiting({ gives, fails });
  testMany({ gives, fails });
  gives([
    [
      "import.helpers",
      'import * as h from "codemode/helpers";\nconst again = await import("./codemode/helpers.ts");\n[h === again, h.wait_for === h.waitFor, h.run_with_timeout === h.runWithTimeout, typeof h.retry, typeof h.parallel, typeof h.RateLimiter]',
      [true, true, true, "function", "function", "function"],
    ],
    [
      "import.helpers",
      'setTimeout = Promise = undefined;\nconst { retry, parallel } = await import("codemode/helpers");\n[await retry(() => file_system.read({ n: 1 })), await parallel([() => 1])]',
      [{ n: 1 }, [1]],
      "alone",
    ],
  ]);
  fails([
    [
      "import.unknown-helper",
      '1;\nimport { rety } from "codemode/helpers";',
      {
        code: "IMPORT_NOT_FOUND",
        line: 2,
        message: expect.stringContaining('Did you mean "retry"?'),
      },
    ],
  ]);
}

function testWaiting({ gives, fails }: Pick<Harness, "gives" | "fails">): void {
  gives([
    [
      "helper.wait-for",
      `${WAIT_FOR}\nlet n = 0;\n[await wait_for(async () => (n += 1) === 3 && "done", { intervalMs: 2, timeout: 20 }), n]`,
      ["done", 3],
    ],
    [
      "helper.wait-for",
      `${WAIT_FOR}\ntry { await wait_for(() => false, { interval: 0.002, timeoutMs: 10, description: "the build" }) } catch (e) { var seen = [e.name, e.message] }\nseen`,
      ["TimeoutError", "the build did not come true within 0.01 s."],
    ],
    [
      "helper.retry",
      `${RETRY}\nlet n = 0; const told = [];\n[await retry(() => { n += 1; if (n < 3) throw new Error("no " + n); return n; }, { delayMs: 1, backoff: 2, on_retry: (attempt, e) => told.push([attempt, e.message]) }), told]`,
      [
        3,
        [
          [1, "no 1"],
          [2, "no 2"],
        ],
      ],
    ],
    [
      "helper.retry",
      `${RETRY}\nlet n = 0;\nconst codes = [];\nfor (const exceptions of [TypeError, "TOOL_FAILED", [RangeError, (e) => e.retryable]]) {\n  n = 0;\n  try { await retry(() => { n += 1; return file_system.fail({}); }, { attempts: 2, delay: 0, exceptions }) } catch (e) { codes.push([n, e.code]) }\n}\ncodes`,
      [
        [1, "TOOL_FAILED"],
        [2, "TOOL_FAILED"],
        [2, "TOOL_FAILED"],
      ],
    ],
    [
      "helper.run-with-timeout",
      `${WITHIN}\nconst late = () => new Promise(() => {});\nconst seen = [await run_with_timeout(() => 1, 20), await run_with_timeout(file_system.read({ n: 2 }), { timeoutMs: 20_000 })];\ntry { await run_with_timeout(late, { timeoutMs: 5, description: "Reading" }) } catch (e) { seen.push(e.name, e.message) }\nseen`,
      [1, { n: 2 }, "TimeoutError", "Reading did not end within 0.005 s."],
    ],
  ]);
  fails([
    [
      "helper.wait-for",
      `${WAIT_FOR}\nawait wait_for(true);`,
      { name: "TypeError", line: 2, message: expect.stringContaining("takes a function") },
    ],
    [
      "helper.retry",
      `${RETRY}\nawait retry(() => { throw new RangeError("never") }, { delay: 0 });`,
      { name: "RangeError", line: 2, message: "never" },
    ],
  ]);
}

function testMany({ gives, fails }: Pick<Harness, "gives" | "fails">): void {
  gives([
    [
      "helper.parallel",
      `${PARALLEL}\nlet now = 0, most = 0;\nconst task = (n) => async () => { now += 1; most = Math.max(most, now); await new Promise((r) => setTimeout(r, 5 - n)); now -= 1; return n; };\n[await parallel([0, 1, 2, 3, 4].map(task), { limit: 2 }), most, await parallel([])]`,
      [[0, 1, 2, 3, 4], 2, []],
    ],
    [
      "helper.parallel",
      `${PARALLEL}\nconst done = await parallel([() => 1, () => { throw new Error("two") }, file_system.read({ n: 3 })], { settled: true });\ndone.map((one) => one.status === "fulfilled" ? one.value : one.reason.message)`,
      [1, "two", { n: 3 }],
    ],
    [
      "helper.rate-limiter",
      'import { RateLimiter } from "codemode/helpers";\nconst limiter = new RateLimiter(100); const order = []; const start = Date.now();\nawait Promise.all([0, 1, 2].map(async (n) => { await limiter.acquire(); order.push(n); }));\n[order, Date.now() - start >= 15, limiter.calls_per_second]',
      [[0, 1, 2], true, 100],
    ],
  ]);
  fails([
    [
      "helper.parallel",
      `${PARALLEL}\nlet started = 0;\nawait parallel([1, 2, 3].map((n) => async () => { started += 1; throw new Error("no " + started); }), { limit: 1 });`,
      { name: "Error", message: "no 1", line: 3 },
    ],
  ]);
}
