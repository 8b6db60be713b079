import { readFileSync } from "node:fs";

import type { ExecuteResult } from "../../packages/sandbox/src/index.ts";

/** A text that no program may ever see. */
export const SECRET = "fuzz-secret-5e1f";

// What no program can bring about in a sandbox that is in order.
const BROKEN = new Set(["SANDBOX_PROTOCOL", "SANDBOX_CRASHED", "SANDBOX_UNAVAILABLE", "INTERNAL"]);

const CODES: ReadonlySet<string> = new Set(
  readFileSync(new URL("../../packages/core/src/errors.ts", import.meta.url), "utf8").match(
    /(?<=^ {2}\| ")[A-Z_]+/gm,
  ),
);

/** What is wrong with a result; empty where nothing is. */
export function checkResult(result: ExecuteResult, timeoutMs: number): readonly string[] {
  const wrong: string[] = [];
  const expect = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  const text = JSON.stringify(result);
  expect(!text.includes(SECRET), "a secret of the host is in the result");
  expect(!/file:\/\/|node_modules|\/packages\/|node:internal/.test(text), `a path: ${text}`);
  expect(result.durationMs < timeoutMs + 20_000, `it took ${result.durationMs} ms`);
  expect(
    result.logs.every(({ text: line, atMs }) => typeof line === "string" && atMs >= 0),
    "a log line is none",
  );
  expect(
    result.calls.every(({ tool, callId }) => typeof tool === "string" && callId !== ""),
    "a call is none",
  );
  expect(
    result.warnings.every(({ code, message }) => code !== "" && message !== ""),
    "a warning is none",
  );
  if (result.ok) {
    const { value } = result;
    expect(
      value === undefined || JSON.stringify(JSON.parse(JSON.stringify(value))) !== undefined,
      "the value is no JSON",
    );
    return wrong;
  }
  const { code, message, line, column } = result.error;
  expect(CODES.has(code), `the code ${code} is unknown`);
  expect(!BROKEN.has(code), `${code}: ${message}`);
  expect(typeof message === "string", "the message is none");
  expect(line === undefined || line >= 1, `the line is ${line}`);
  expect(column === undefined || column >= 1, `the column is ${column}`);
  return wrong;
}
