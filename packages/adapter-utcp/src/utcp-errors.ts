import { CodemodeError } from "@codemode/core";

/** A manual whose tools cannot be had. `what` goes on after its name. */
export function manualError(
  manual: string,
  what: string,
  { cause, retryable = false }: { readonly cause?: unknown; readonly retryable?: boolean } = {},
): CodemodeError {
  const message = `Manual "${manual}" ${what}.`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { cause, retryable });
}

/** A call template that is not one. `what` goes on after "call template of ...". */
export function templateError(
  manual: string,
  tool: string | undefined,
  what: string,
): CodemodeError {
  const whose = tool === undefined ? `manual "${manual}"` : `tool "${tool}"`;
  const message = `The call template of ${whose} is not valid: ${what}.`;
  return new CodemodeError("CONFIG_INVALID", message, tool === undefined ? {} : { tool });
}

/** What an error says, or the value that was thrown. */
export function messageOf(error: unknown): string {
  // It wraps what really happened.
  if (error instanceof TypeError && error.message === "fetch failed" && error.cause)
    return messageOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
