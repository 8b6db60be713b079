import type { ToolListing, ToolResult } from "@codemode/core";

import type { ErrorWords } from "./error-words.ts";

/** Diagnostics leave with the tools. */
export function outgoingListing(
  { tools, diagnostics }: ToolListing,
  { redactor }: ErrorWords,
): ToolListing {
  return { tools, diagnostics: redactor.maskValue(diagnostics) };
}

/** An answer that tells of an error is one of our messages in the end; any other is the program's, but for credentials. */
export function outgoingResult(
  result: ToolResult,
  { redactor, credentials }: ErrorWords,
): ToolResult {
  return (result.isError === true ? redactor : credentials).maskValue(result);
}
