import { CodemodeError, isCodemodeError } from "@codemode/core";

/** What to do about words of Redis that are no matter of where it is. */
const NEXT_STEPS: ReadonlyMap<string, string> = new Map([
  ["OOM", "It is full: delete what is not needed, or raise its maxmemory."],
  ["MISCONF", "It cannot write to its disk: look for room there, and into its log."],
  ["NOAUTH", "It wants a password: give one in the storage's url."],
  ["WRONGPASS", "Correct the user and the password in the storage's url."],
  ["NOPERM", "Its user may not do that: allow it the commands, keys and channels of the storage."],
  ["READONLY", "It is a replica: name the master in the storage's url."],
  ["CLUSTERDOWN", "Servers of its cluster are missing: look at CLUSTER INFO."],
  ["TRYAGAIN", "Its keys are on their way to another server: try again when they have moved."],
]);
const ELSE = "Check that it runs and that the storage's url is right; the next call tries anew.";

/** Redis did not answer in time, or is not there. `reason` is a word of the system or of Redis. */
export function unavailableError(reason: string, cause?: unknown): CodemodeError {
  return new CodemodeError(
    "STORAGE_UNAVAILABLE",
    `Redis cannot be used (${reason}). ${NEXT_STEPS.get(reason) ?? ELSE}`,
    { retryable: true, details: { reason }, cause: withoutArguments(cause) },
  );
}

/** What is under a key is of another type than all that a storage keeps there. */
export function isForeign(error: unknown): boolean {
  return isCodemodeError(error, "STORAGE_UNAVAILABLE") && error.message.includes("(WRONGTYPE)");
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
