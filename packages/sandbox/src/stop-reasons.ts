import type { Diagnostic } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { ExecuteLimits } from "./limits.ts";
import type { ChannelExit } from "./sandbox-channel.ts";

/** A guest that gave its value and then hung. */
export const LOST_AFTERWARDS: Diagnostic = {
  code: "SESSION_LOST",
  message:
    "The program gave its value but did not come to rest, so its sandbox was stopped; its variables are gone.",
};

/** Calls that the program left running. */
export function unawaited(names: readonly string[]): Diagnostic {
  const shown = listNames(names);
  const count = names.length === 1 ? "1 call was" : `${names.length} calls were`;
  const message = `${count} still running when the program ended, and ${names.length === 1 ? "was" : "were"} cancelled: ${shown}. Await every call.`;
  return { code: "UNAWAITED_CALLS", message };
}

/** What a program that took too long was waiting for. */
export function stillRunning(names: readonly string[]): string {
  return `Tool calls that had no answer by then: ${listNames(names)}.`;
}

function listNames(names: readonly string[]): string {
  return [...new Set(names)]
    .slice(0, 5)
    .map((name) => JSON.stringify(name))
    .join(", ");
}

/** A rejection that the program left alone. A call that it left alone is told already. */
export function unhandled(reason: string): readonly Diagnostic[] {
  if (reason.includes("The program ended before this call was answered.")) return [];
  const message = `A promise was rejected and nobody handled it: ${reason}`;
  return [{ code: "UNHANDLED_REJECTION", message }];
}

/** The caller's own words, where it gave some. */
export function cancelled(signal?: AbortSignal): CodemodeError {
  const reason: unknown = signal?.reason;
  if (isCodemodeError(reason, "CANCELLED")) return reason;
  return new CodemodeError("CANCELLED", "The execution was cancelled by its caller.");
}

export function timedOut({ timeoutMs }: ExecuteLimits): CodemodeError {
  const message = `The program did not end within ${timeoutMs} ms.`;
  return new CodemodeError("TIMEOUT", message, { retryable: true });
}

export function computedTooLong({ computeMs }: ExecuteLimits): CodemodeError {
  const message = `The program computed for ${computeMs} ms without awaiting anything. Look for an endless loop.`;
  return new CodemodeError("COMPUTE_LIMIT", message);
}

/** Said of a runner whose frames no intact one sends. */
export function protocolBroken(what: string): CodemodeError {
  const message = `The sandbox broke its protocol (${what}) and was stopped. ${GONE}`;
  return new CodemodeError("SANDBOX_PROTOCOL", message);
}

const GONE = "Its variables are gone; run without a session to start a new one.";

/** A runner that died: of memory, of our hand, or of itself. */
export function exitError(exit: ChannelExit, stopping: CodemodeError | undefined): CodemodeError {
  if (exit.outOfMemory) {
    const message = `The program used more memory than its limit and was stopped. ${GONE} Keep less at once, or raise memory_limit_mb.`;
    return new CodemodeError("MEMORY_LIMIT", message);
  }
  if (stopping) {
    const message = `${stopping.message} It did not react, so its sandbox was stopped by force. ${GONE}`;
    return new CodemodeError(stopping.code, message);
  }
  const { signal, code } = exit;
  const message =
    signal === undefined && code === undefined
      ? `The connection to the sandbox was cut, as where a Docker daemon stops. ${GONE}`
      : `The sandbox ended unexpectedly (${signal ?? `code ${code}`}). ${GONE}`;
  return new CodemodeError("SANDBOX_CRASHED", message, { retryable: true });
}
