import type { ExecuteResult, ExecutionError } from "@codemode/sandbox";

/** The value of a program that is to end well. */
export function valueOf(result: ExecuteResult): unknown {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** The error of a program that is to fail. */
export function errorOf(result: ExecuteResult): ExecutionError {
  if (result.ok) throw new Error(`It did not fail: ${JSON.stringify(result.value)}`);
  return result.error;
}
