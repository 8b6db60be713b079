import { randomUUID } from "node:crypto";

import type { JsonValue, ToolCaller, ToolCallOptions, ToolRegistry } from "@codemode/core";
import {
  CodemodeError,
  createCallDeadline,
  isCodemodeError,
  toolResultToValue,
} from "@codemode/core";

import { toArguments } from "./call-tool.ts";
import type { DirectCallResult } from "./session.ts";

/** What a call outside of any program goes through. */
export interface DirectCallPath {
  readonly registry: ToolRegistry;
  readonly callTool: ToolCaller;
  readonly deadlineMs: number;
}

/** One call as a front end asks for it. */
export interface DirectCall {
  readonly name: string;
  readonly args: JsonValue;
  readonly options: Partial<ToolCallOptions>;
}

/** Calls one tool without a program. Rejects with a `CodemodeError`. */
export async function callDirectly(
  { registry, callTool, deadlineMs }: DirectCallPath,
  { name, args, options: given }: DirectCall,
): Promise<DirectCallResult> {
  const definition = registry.get(name);
  const tool = definition?.canonicalName ?? name;
  const deadline = createCallDeadline(deadlineMs, given.signal);
  const id = randomUUID();
  const call = { tool, args: toArguments(tool, args), callId: id, executionId: id };
  try {
    const options = { ...given, signal: deadline.signal, pause: deadline.pause };
    // A tool that does not look at its signal is left to itself.
    const result = await Promise.race([callTool(call, options), abortOf(deadline.signal)]);
    return { result, value: toolResultToValue(result, definition ?? { canonicalName: tool }) };
  } catch (error) {
    if (given.signal?.aborted) throw isCodemodeError(error) ? error : cancelled(tool, error);
    if (!deadline.isUp()) throw error;
    const message = `"${tool}" did not answer within ${deadlineMs} ms. Ask it for less, or raise limits.tool_timeout_ms.`;
    throw new CodemodeError("TOOL_TIMEOUT", message, { tool, cause: error, retryable: true });
  } finally {
    deadline.end();
  }
}

function cancelled(tool: string, cause: unknown): CodemodeError {
  return new CodemodeError("CANCELLED", `The call of "${tool}" was cancelled.`, { tool, cause });
}

/** Rejects with the signal's reason. */
function abortOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  if (signal.aborted) reject(signal.reason);
  return promise;
}
