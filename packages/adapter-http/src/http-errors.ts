import type { JsonObject } from "@codemode/core";
import {
  CodemodeError,
  escapeTerminalText,
  isCodemodeError,
  retryAfterSeconds,
} from "@codemode/core";

/** Options that make no tool. `key` is spelled as in `HttpAdapterOptions`. */
export function optionsError(server: string, key: string, problem: string): CodemodeError {
  const message = `Server "${server}": "${key}" ${problem}.`;
  return new CodemodeError("CONFIG_INVALID", message, { details: { key, problem } });
}

/** A call, for messages. */
export interface CallWords {
  /** Canonical name of the tool. */
  readonly tool: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Takes secrets out of a text. */
  readonly mask: (text: string) => string;
}

const MAX_BODY = 2_000;
const MAX_MESSAGE = 500;

/** An answer that is no success. */
export function statusError(
  response: Response,
  body: string,
  { tool, origin, mask }: CallWords,
): CodemodeError {
  const { status } = response;
  const clean = escapeTerminalText(mask(body.slice(0, 2 * MAX_BODY)).trim());
  const shown = clean.length > MAX_MESSAGE ? `${clean.slice(0, MAX_MESSAGE)}...` : clean;
  const said = shown === "" ? "" : `: ${shown}`;
  const seconds = retryAfterSeconds(response.headers.get("retry-after"));
  const wait = seconds === undefined ? "" : `. It asks to wait ${seconds} s`;
  const message = `"${tool}": ${origin} answered with status ${status}${HINTS.get(status) ?? ""}${said}${wait}`;
  const details: JsonObject = {
    status,
    body: clean.slice(0, MAX_BODY),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  };
  const retryable = status === 429 || status === 408 || status >= 500;
  return new CodemodeError("TOOL_FAILED", message, { tool, details, retryable });
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, ' (check "auth")'],
  [403, ' (check "auth")'],
  [429, " (too many requests; wait before the next)"],
]);

/** A redirect that is not followed. */
export function redirectError(
  status: number,
  target: string,
  { tool, origin }: CallWords,
): CodemodeError {
  const message = `"${tool}": ${origin} answered with status ${status}, a redirect to ${target} that is not followed. Correct "url".`;
  return new CodemodeError("TOOL_FAILED", message, { tool, details: { status } });
}

/** An answer that is over the limit. */
export function tooLargeError(tool: string, maxBytes: number): CodemodeError {
  const message = `"${tool}" got an answer of more than ${maxBytes} bytes. Ask for less, or raise "max_response_bytes".`;
  return new CodemodeError("TOOL_RESULT_TOO_LARGE", message, { tool });
}

/** An answer that was promised to be JSON and is none. */
export function noJsonError(body: string, { tool, origin, mask }: CallWords): CodemodeError {
  const shown = JSON.stringify(escapeTerminalText(mask(body.slice(0, MAX_BODY)).slice(0, 200)));
  const message = `"${tool}": ${origin} was to answer with JSON and sent ${shown}. Correct the request, or set the response's "type" to "text".`;
  return new CodemodeError("TOOL_FAILED", message, { tool });
}

/** An answer without the part that is its value. */
export function pickError(
  tool: string,
  pointer: string,
  { at, keys }: { readonly at: string; readonly keys: readonly string[] },
): CodemodeError {
  const found = keys.length === 0 ? "is no object" : `has ${keys.slice(0, 20).join(", ")}`;
  const place = at === "" ? "it" : JSON.stringify(at);
  const message = `"${tool}": the answer has no ${JSON.stringify(pointer)}: ${place} ${found}. Correct "pick".`;
  return new CodemodeError("TOOL_FAILED", escapeTerminalText(message), { tool });
}

/** Why no answer came. */
export function sendError(
  error: unknown,
  { tool, origin }: CallWords,
  { signal, timeout, timeoutMs, status }: SendLimits,
): CodemodeError {
  if (isCodemodeError(error)) return error;
  if (signal.aborted) {
    const reason: unknown = signal.reason;
    if (isCodemodeError(reason)) return reason;
    const message = `The call of "${tool}" was cancelled.`;
    return new CodemodeError("CANCELLED", message, { cause: reason, tool });
  }
  if (timeout.aborted) {
    const message = `"${tool}" got no answer from ${origin} within ${timeoutMs} ms. Ask for less, or raise its "timeout".`;
    return new CodemodeError("TOOL_TIMEOUT", message, { tool, retryable: true });
  }
  if (status !== undefined) {
    const message = `"${tool}": the answer of ${origin} with status ${status} broke off (${networkCode(error)}). Call it again where that does no harm.`;
    return new CodemodeError("TOOL_FAILED", message, { cause: error, tool, retryable: true });
  }
  const message = `"${tool}": ${origin} cannot be reached (${networkCode(error)}). Check that it runs and that "url" is right.`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { cause: error, tool, retryable: true });
}

/** What ends a request early. */
export interface SendLimits {
  readonly signal: AbortSignal;
  readonly timeout: AbortSignal;
  readonly timeoutMs: number;
  /** Of the answer that had begun. */
  readonly status: number | undefined;
}

function networkCode(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "the connection failed";
}
