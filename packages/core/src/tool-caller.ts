import type { ToolCall, ToolResult } from "./tool.ts";

/** What travels with a call beside its data. */
export interface ToolCallOptions {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * The one path of a tool call. Validation, policy, budget and audit wrap it; adapters end it.
 * Rejects with a `CodemodeError`; a tool's own failure may also come back as `isError`.
 */
export type ToolCaller = (call: ToolCall, options: ToolCallOptions) => Promise<ToolResult>;
