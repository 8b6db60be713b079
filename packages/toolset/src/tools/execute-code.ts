import type { Diagnostic, JsonObject, JsonValue } from "@codemode/core";
import type { CallRecord, ExecuteResult, ExecutionSuccess, LogLine } from "@codemode/sandbox";
import type { Session } from "@codemode/session";
import { z } from "zod";

import type { ToolsetResult, ToolsetTool } from "../toolset-tool.ts";
import { compact, defineTool } from "../toolset-tool.ts";

/** Runs a program. */
export function executeCodeTool(session: Session): ToolsetTool {
  return defineTool({
    name: "execute_code",
    description:
      "Run TypeScript that calls tools: `await server.tool({...})`. Top-level await; the last expression or `return` is the result; console.log gives logs; Promise.all runs calls in parallel. Pass `session` to keep variables." +
      (session.skills
        ? " Saved skills: `await skills.name({...})`, `skills.create(name, source)`."
        : ""),
    input: z.strictObject({
      code: z.string(),
      session: z.string().optional().describe("From an earlier result"),
      timeoutMs: z.number().positive().max(600_000).optional(),
    }),
    annotations: { title: "Execute code", destructiveHint: true, openWorldHint: true },
    async run({ code, session: handle, timeoutMs }, options) {
      const result = await session.execute(code, {
        ...(handle === undefined ? {} : { session: handle }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...options,
      });
      return toToolsetResult(result);
    },
  });
}

/** A program's result for a model: what is empty is left out, calls are counted. */
export function toToolsetResult(result: ExecuteResult): ToolsetResult {
  const common = {
    logs: result.logs.map(logText),
    calls: summarizeCalls(result.calls),
    warnings: result.warnings.map(warningText),
    session: result.session === "" ? undefined : result.session,
  };
  if (result.ok) {
    return {
      structuredContent: compact({
        ok: true,
        result: result.value,
        stored: storedAs(result),
        hint: hasNothing(result) ? NO_VALUE : undefined,
        ...common,
      }),
      isError: false,
    };
  }
  const { code, message, line, column, frame, hints, tool, details } = result.error;
  const error: JsonObject = compact({
    code,
    message,
    tool,
    line,
    column,
    frame,
    hints: [...hints],
    details,
  });
  return { structuredContent: compact({ ok: false, error, ...common }), isError: true };
}

const NO_VALUE = "The program gave no value: end it with an expression or a return.";

/** As right as it may be: whoever forgot the `return` learns it at once. */
function hasNothing({ value, stored, logs, warnings }: ExecutionSuccess): boolean {
  return value === undefined && !stored && logs.length === 0 && warnings.length === 0;
}

function storedAs({ stored }: ExecutionSuccess): JsonObject | undefined {
  return stored && { artifact: stored.artifact, size: stored.size };
}

function warningText({ code, line, message }: Diagnostic): string {
  return `[${code}${line === undefined ? "" : ` line ${line}`}] ${message}`;
}

function logText({ level, text }: LogLine): string {
  return level === "warn" || level === "error" ? `[${level}] ${text}` : text;
}

/** `{ "github.get_issue": 3 }`, failures apart. */
function summarizeCalls(calls: readonly CallRecord[]): JsonValue | undefined {
  if (calls.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { tool, ok } of calls) {
    const key = ok ? tool : `${tool} (failed)`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
