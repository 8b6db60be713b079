import { randomUUID } from "node:crypto";

import type { JsonValue, ToolCaller, ToolCallOptions, ToolRegistry } from "@codemode/core";
import { CodemodeError, createCallDeadline, toolResultToValue } from "@codemode/core";

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
    const result = await callTool(call, options);
    return { result, value: toolResultToValue(result, definition ?? { canonicalName: tool }) };
  } catch (error) {
    if (!deadline.isUp() || given.signal?.aborted) throw error;
    const message = `"${tool}" did not answer within ${deadlineMs} ms. Ask it for less, or raise the limit.`;
    throw new CodemodeError("TOOL_TIMEOUT", message, { tool, cause: error, retryable: true });
  } finally {
    deadline.end();
  }
}
