import { CodemodeError, isCodemodeError } from "@codemode/core";

/** Redis did not answer in time, or is not there. `reason` is a word of the system or of Redis. */
export function unavailableError(reason: string, cause?: unknown): CodemodeError {
  return new CodemodeError(
    "STORAGE_UNAVAILABLE",
    `Redis cannot be used (${reason}). Check that it runs and that the storage's url is right; the next call tries anew.`,
    { retryable: true, details: { reason }, cause: withoutArguments(cause) },
  );
}

/** Whether Redis refused for lack of memory, which it does before it changes anything. */
export function isFull(error: unknown): boolean {
  return isCodemodeError(error, "STORAGE_UNAVAILABLE") && error.message.includes("(OOM)");
}

/** The first word of an error of Redis, or the system's code: neither holds data. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  const [, word] = /^([A-Z]{3,20})(?: |$)/u.exec(error.message) ?? [];
  return word ?? "connection closed";
}

/** Errors of the driver hold the arguments of the command: values, and of `AUTH` the password. */
function withoutArguments(cause: unknown): Error | undefined {
  return cause instanceof Error ? new Error(cause.message) : undefined;
}
