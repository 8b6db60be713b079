import type { CodemodeErrorCode } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";
import { z } from "zod";

import { isLoginRefusal, loginError } from "./auth/login-error.ts";
import { BROKEN_REPLY_CODE } from "./broken-reply.ts";
import {
  codeOf,
  isBrokenOff,
  isCertainlyNotRun,
  isConnectionLoss,
  isTimeout,
  messageOf,
  networkCodeOf,
  statusOf,
} from "./error-cause.ts";
import type { ErrorWords } from "./error-words.ts";
import { httpError } from "./http-errors.ts";

/** Why no connection came about. */
export function connectError(error: unknown, words: ErrorWords): CodemodeError {
  if (isCodemodeError(error)) return error;
  const reached = reachError(error, words);
  if (reached) return reached;
  const message = `Server "${words.server}" (${words.place}) gave an answer that is not MCP: ${words.redact(messageOf(error))}`;
  return new CodemodeError("SERVER_PROTOCOL", message, { cause: error });
}

/** Nobody shook hands in time. */
export function connectTimeout(words: ErrorWords, timeoutMs: number): CodemodeError {
  const message = `Server "${words.server}" did not answer within ${timeoutMs} ms when it was connected (${words.place}). Check that it speaks MCP, or raise its "connect_timeout_ms".`;
  return new CodemodeError("SERVER_TIMEOUT", message, { retryable: true });
}

/** What a status or the network tells of a server, if it is that. */
function reachError(error: unknown, words: ErrorWords): CodemodeError | undefined {
  if (isLoginRefusal(error)) return loginError(words);
  const status = statusOf(error) ?? (codeOf(error) === "CLIENT_HTTP_AUTHENTICATION" ? 401 : 0);
  if (status >= 300) return httpError(status, words, error);
  const network = networkCodeOf(error);
  if (network === undefined) return undefined;
  const { server, place } = words;
  const why = NETWORK_WORDS[network] ?? words.redact(network);
  const what = isBrokenOff(error)
    ? `broke off the connection to ${place} (${why}). Look into its log.`
    : `cannot be reached at ${place} (${why}). Check that it runs and that its "url" is right.`;
  const options = { cause: error, retryable: true };
  return new CodemodeError("SERVER_UNAVAILABLE", `Server "${server}" ${what}`, options);
}

const NETWORK_WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "ENOTFOUND: there is no such host",
  EAI_AGAIN: "EAI_AGAIN: the host's name cannot be looked up",
  ERR_SSL_WRONG_VERSION_NUMBER:
    "ERR_SSL_WRONG_VERSION_NUMBER: no TLS is spoken there, so its URL may begin with http:",
  ERR_SSL_PACKET_LENGTH_TOO_LONG:
    "ERR_SSL_PACKET_LENGTH_TOO_LONG: no TLS is spoken there, so its URL may begin with http:",
  UND_ERR_SOCKET: "the connection was closed",
};

/** What a request was. */
export interface RequestContext {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Why a listing or a check failed. */
export function requestError(
  error: unknown,
  words: ErrorWords,
  { signal, timeoutMs }: RequestContext,
): CodemodeError {
  const { server } = words;
  const options = { cause: error, retryable: true };
  if (signal.aborted) return abortError(signal, `The request to server "${server}"`);
  if (isCodemodeError(error)) return error;
  if (isTimeout(error)) {
    const message = `Server "${server}" did not answer within ${timeoutMs} ms. Raise its "timeout_ms", or look into its log.`;
    return new CodemodeError("SERVER_TIMEOUT", message, options);
  }
  const reached = reachError(error, words);
  if (reached) return reached;
  if (isConnectionLoss(error)) {
    const message = `Server "${server}" ended the connection: ${renewalWords(words)}.`;
    return new CodemodeError("SERVER_UNAVAILABLE", message, options);
  }
  const message = `Server "${server}" gave an answer that is not valid: ${words.redact(messageOf(error))}`;
  return new CodemodeError("SERVER_PROTOCOL", message, { cause: error });
}

/** What an outgoing call was. */
export interface CallContext extends RequestContext {
  /** Canonical name. */
  readonly tool: string;
  /** The request may have reached the server. */
  readonly wasSent: boolean;
}

/** Why a call gave no result. */
export function callError(error: unknown, words: ErrorWords, call: CallContext): CodemodeError {
  const { tool, signal, timeoutMs } = call;
  if (signal.aborted) return abortError(signal, `The call of "${tool}"`, tool);
  const lost = lossError(error, words, call);
  if (lost) return lost;
  if (isTimeout(error)) {
    const message = `"${tool}" did not answer within ${timeoutMs} ms. Ask it for less, or raise the server's "timeout_ms".`;
    return new CodemodeError("TOOL_TIMEOUT", message, { cause: error, tool, retryable: true });
  }
  const unavailable = inputError(error, words, tool);
  if (unavailable) return unavailable;
  const reason = words.redact(messageOf(error));
  const code = answerCode(error, reason);
  const message =
    code === "SERVER_PROTOCOL"
      ? `Server "${words.server}" gave an answer to "${tool}" that is not valid: ${reason}`
      : `"${tool}": ${reason}`;
  return new CodemodeError(code, message, { cause: error, tool });
}

/** The server needs something of the user before it can do this. */
function inputError(error: unknown, words: ErrorWords, tool: string): CodemodeError | undefined {
  const code = codeOf(error);
  const data = error instanceof Error && "data" in error ? error.data : undefined;
  if (code === MISSING_CAPABILITY) {
    const { requiredCapabilities } = missingData.parse(data ?? {});
    const names = Object.keys(requiredCapabilities).join(", ") || "something more";
    const message = `"${tool}" needs what its server was not offered: ${words.redact(names)}. Give the adapter "onElicit", "onSample" or "roots".`;
    return new CodemodeError("INPUT_UNAVAILABLE", message, { cause: error, tool });
  }
  if (code !== URL_REQUIRED) return undefined;
  const { elicitations } = urlData.parse(data ?? {});
  const urls = elicitations.map(({ url }) => words.redactor.mask(url)).filter((url) => url !== "");
  const message = `"${tool}" can be called after the user has opened ${urls.join(" and ") || "a page of its server"}: ${words.redact(messageOf(error))}`;
  const context = { cause: error, tool, retryable: true, details: { urls } };
  return new CodemodeError("INPUT_UNAVAILABLE", message, context);
}

const MISSING_CAPABILITY = -32_021;
const URL_REQUIRED = -32_042;

const missingData = z.looseObject({
  requiredCapabilities: z.record(z.string(), z.unknown()).default({}).catch({}),
});
const urlData = z.looseObject({
  elicitations: z
    .array(z.looseObject({ url: z.string().default("").catch("") }))
    .default([])
    .catch([]),
});

/** The connection broke or never came about. What was sent may have taken effect, and is never sent again. */
function lossError(
  error: unknown,
  words: ErrorWords,
  { tool, wasSent }: CallContext,
): CodemodeError | undefined {
  const cause = isCodemodeError(error)
    ? error
    : (reachError(error, words) ?? (isConnectionLoss(error) ? endedError(words) : undefined));
  if (!cause) return undefined;
  const { code, message, retryable, details } = cause;
  const isOutcomeOpen = wasSent && code === "SERVER_UNAVAILABLE";
  const outcome = isCertainlyNotRun(error)
    ? `"${tool}" was not run.`
    : `Whether "${tool}" took effect is not known; ${renewalWords(words)}.`;
  const end = /[.!?]$/.test(message) ? " " : ". ";
  const text = isOutcomeOpen ? message + end + outcome : message;
  const context = { cause: error, tool, retryable };
  return new CodemodeError(code, text, details === undefined ? context : { ...context, details });
}

function renewalWords({ isRenewable }: ErrorWords): string {
  return isRenewable
    ? "the server is reached anew at the next use"
    : 'give a function as its "client", so that it can be reached anew';
}

function endedError({ server }: ErrorWords): CodemodeError {
  const message = `Server "${server}" ended the connection.`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { retryable: true });
}

/** What a JSON-RPC error in the place of a result means. */
function answerCode(error: unknown, reason: string): CodemodeErrorCode {
  const code = codeOf(error);
  if (typeof code !== "number" || code === BROKEN_REPLY_CODE) return "SERVER_PROTOCOL";
  const isUnknownTool = /unknown tool|tool\b.*\b(not found|does not exist)/i.test(reason);
  if (code === -32_602) return isUnknownTool ? "TOOL_NOT_FOUND" : "INVALID_ARGUMENTS";
  return code === -32_601 ? "TOOL_NOT_FOUND" : "TOOL_FAILED";
}

/** The reason of whoever gave up, where it is one of ours. */
function abortError(signal: AbortSignal, what: string, tool?: string): CodemodeError {
  const reason: unknown = signal.reason;
  if (isCodemodeError(reason)) return reason;
  const context = tool === undefined ? { cause: reason } : { cause: reason, tool };
  return new CodemodeError("CANCELLED", `${what} was cancelled.`, context);
}
