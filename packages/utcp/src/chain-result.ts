import type { JsonValue } from "@codemode/core";
import type { ExecuteResult, ExecutionError, LogLine } from "@codemode/sandbox";

/** What a program gave. */
export interface ChainResult {
  /** What the program returned; `null` where it returned nothing or failed. */
  readonly result: JsonValue;
  /** What it logged, a line each: `[ERROR]`, `[WARN]` and `[INFO]` stand before what was logged so. */
  readonly logs: readonly string[];
  readonly success: boolean;
  /** Why there is no result. Present exactly when `success` is `false`. */
  readonly error?: ExecutionError;
}

const PREFIXES: Readonly<Record<LogLine["level"], string>> = {
  debug: "",
  log: "",
  info: "[INFO] ",
  warn: "[WARN] ",
  error: "[ERROR] ",
};

/** An execution in UTCP's shape: a failure is a line of the logs as well. */
export function toChainResult(executed: ExecuteResult): ChainResult {
  const logs = executed.logs.map(({ level, text }) => PREFIXES[level] + text);
  if (executed.ok) return { result: executed.value ?? null, logs, success: true };
  const { error } = executed;
  const place = error.line === undefined ? "" : ` (line ${error.line})`;
  const failed = `[ERROR] Code execution failed: ${error.message}${place}`;
  return { result: null, logs: [...logs, failed], success: false, error };
}
