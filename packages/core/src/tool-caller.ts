import type { QuestionHandlers } from "./server-question.ts";
import type { ToolCall, ToolResult } from "./tool.ts";

/** What travels with a call beside its data. */
export interface ToolCallOptions extends QuestionHandlers {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Told how far the tool is, where it says so. */
  readonly onProgress?: (progress: ToolProgress) => void;
  /** Stops the clocks of the call and its program until what it gives is called: somebody is being asked. */
  readonly pause?: () => () => void;
}

/** How far a call is. */
export interface ToolProgress {
  readonly progress: number;
  /** What `progress` will be at the end, where the tool knows. */
  readonly total?: number;
  /** A text of the tool's: untrusted. */
  readonly message?: string;
}

/**
 * The one path of a tool call. Validation, policy, budget and audit wrap it; adapters end it.
 * Rejects with a `CodemodeError`; a tool's own failure may also come back as `isError`.
 */
export type ToolCaller = (call: ToolCall, options: ToolCallOptions) => Promise<ToolResult>;
