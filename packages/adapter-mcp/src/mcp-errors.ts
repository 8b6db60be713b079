import type { CodemodeErrorCode } from "@codemode/core";
import { CodemodeError, isCodemodeError } from "@codemode/core";

import type { McpAdapterOptions } from "./mcp-options.ts";

/** Words about one server, without its secrets. */
export interface ErrorWords {
  readonly server: string;
  /** Where it is: a command's name, or a URL without credentials and query. */
  readonly place: string;
  /** Takes configured secrets out of a text, and cuts it to what a message can hold. */
  redact(text: string): string;
}

const MAX_TEXT = 500;
// Shorter values are words like "1" or "true", not secrets.
const MIN_SECRET = 6;

/** Reads once what may not be shown. */
export function createErrorWords(options: McpAdapterOptions): ErrorWords {
  const secrets = secretsOf(options).filter((value) => value.length >= MIN_SECRET);
  return {
    server: options.name,
    place: placeOf(options),
    redact(text) {
      const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
      const line = clean.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
      return line.length > MAX_TEXT ? `...${line.slice(-MAX_TEXT)}` : line;
    },
  };
}

function secretsOf(options: McpAdapterOptions): readonly string[] {
  if ("command" in options) return Object.values(options.env ?? {});
  if ("client" in options) return [];
  const values = Object.values(options.headers ?? {});
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  const query = url ? [...url.searchParams.values(), url.username, url.password] : [];
  // `Bearer abc` is shown as two words, so each is hidden alone too.
  return [...values, ...values.flatMap((value) => value.split(" ")), ...query];
}

function placeOf(options: McpAdapterOptions): string {
  if ("command" in options) return options.command.split(/[\\/]/).at(-1) ?? options.command;
  if ("client" in options) return "a given client";
  if (!URL.canParse(options.url)) return "its URL";
  const { origin, pathname } = new URL(options.url);
  return origin + pathname;
}

/** Why no connection came about. */
export function connectError(error: unknown, words: ErrorWords): CodemodeError {
  if (isCodemodeError(error)) return error;
  const { server, place } = words;
  const fail = (code: CodemodeErrorCode, what: string): CodemodeError =>
    new CodemodeError(code, `Server "${server}" ${what}`, { cause: error, retryable: true });
  const status = statusOf(error);
  if (status === 401 || status === 403) {
    return fail(
      "SERVER_UNAVAILABLE",
      `refused the connection to ${place} (HTTP ${status}). Check its "headers".`,
    );
  }
  if (status !== undefined) {
    return fail(
      "SERVER_UNAVAILABLE",
      `does not speak MCP at ${place} (HTTP ${status}). Check its "url".`,
    );
  }
  if (codeOf(error) === "REQUEST_TIMEOUT")
    return fail(
      "SERVER_TIMEOUT",
      `did not answer in time when it was connected (${place}). Check that it speaks MCP, or raise its "connect_timeout_ms".`,
    );
  const network = networkCodeOf(error);
  if (network !== undefined) {
    return fail(
      "SERVER_UNAVAILABLE",
      `cannot be reached at ${place} (${network}). Check that it runs and that its "url" is right.`,
    );
  }
  return fail(
    "SERVER_PROTOCOL",
    `gave an answer at ${place} that is not MCP: ${words.redact(messageOf(error))}`,
  );
}

/** Why a listing or a check failed on a connection that stood. */
export function requestError(error: unknown, words: ErrorWords): CodemodeError {
  if (isCodemodeError(error)) return error;
  const { server } = words;
  const code = codeOf(error);
  if (code === "REQUEST_TIMEOUT" || code === -32_001) {
    const message = `Server "${server}" did not answer in time. Raise its "timeout", or look into its log.`;
    return new CodemodeError("SERVER_TIMEOUT", message, { cause: error, retryable: true });
  }
  if (isConnectionLoss(error)) {
    const message = `Server "${server}" ended the connection. It is started again at the next use.`;
    return new CodemodeError("SERVER_UNAVAILABLE", message, { cause: error, retryable: true });
  }
  const message = `Server "${server}" gave an answer that is not valid: ${words.redact(messageOf(error))}`;
  return new CodemodeError("SERVER_PROTOCOL", message, { cause: error });
}

/** What an outgoing call was. */
export interface CallContext {
  /** Canonical name. */
  readonly tool: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Why a call gave no result. */
export function callError(error: unknown, words: ErrorWords, call: CallContext): CodemodeError {
  const { tool, signal, timeoutMs } = call;
  const context = { cause: error, tool };
  if (signal.aborted) {
    if (isCodemodeError(signal.reason)) return signal.reason;
    return new CodemodeError("CANCELLED", `The call of "${tool}" was cancelled.`, context);
  }
  if (isCodemodeError(error))
    return new CodemodeError(error.code, error.message, { ...context, retryable: error.retryable });
  const code = codeOf(error);
  if (code === "REQUEST_TIMEOUT" || code === -32_001) {
    const message = `"${tool}" did not answer within ${timeoutMs} ms. Ask it for less, or raise the server's "timeout".`;
    return new CodemodeError("TOOL_TIMEOUT", message, { ...context, retryable: true });
  }
  if (isConnectionLoss(error)) {
    const message = `Server "${words.server}" ended during the call of "${tool}"; whether the call took effect is not known. It is started again at the next use.`;
    return new CodemodeError("SERVER_UNAVAILABLE", message, { ...context, retryable: true });
  }
  const reason = words.redact(messageOf(error));
  if (code === -32_602) {
    const unknownTool = /unknown tool|tool .*not found/i.test(reason);
    return new CodemodeError(
      unknownTool ? "TOOL_NOT_FOUND" : "INVALID_ARGUMENTS",
      `"${tool}": ${reason}`,
      context,
    );
  }
  if (code === -32_601) return new CodemodeError("TOOL_NOT_FOUND", `"${tool}": ${reason}`, context);
  if (typeof code === "number")
    return new CodemodeError("TOOL_FAILED", `"${tool}": ${reason}`, context);
  return new CodemodeError(
    "SERVER_PROTOCOL",
    `Server "${words.server}" gave an answer to "${tool}" that is not valid: ${reason}`,
    context,
  );
}

function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  if (
    code === "CONNECTION_CLOSED" ||
    code === "NOT_CONNECTED" ||
    code === "SEND_FAILED" ||
    code === -32_000
  )
    return true;
  return (
    networkCodeOf(error) !== undefined || /not connected|connection closed/i.test(messageOf(error))
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | number | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" || typeof code === "number" ? code : undefined;
}

/** HTTP status of an error of either SDK, wherever in the chain of causes. */
export function statusOf(error: unknown): number | undefined {
  for (const inner of causes(error)) {
    const status: unknown = "status" in inner ? inner.status : codeOf(inner);
    if (typeof status === "number" && status >= 100 && status < 600) return status;
  }
  return undefined;
}

/** `ECONNREFUSED` and its relatives, or what `fetch` says of an address it does not even try. */
function networkCodeOf(error: unknown): string | undefined {
  const chain = causes(error);
  for (const inner of chain) {
    const code = codeOf(inner);
    if (typeof code === "string" && /^(E[A-Z]{4,}|UND_ERR_\w+)$/.test(code)) return code;
  }
  const hasFetch = chain.some((inner) => inner.message === "fetch failed");
  return hasFetch ? chain.at(-1)?.message : undefined;
}

function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  let inner = error;
  while (inner instanceof Error && chain.length < 6) {
    chain.push(inner);
    const first: unknown = inner instanceof AggregateError ? inner.errors[0] : undefined;
    inner = first ?? inner.cause;
  }
  return chain;
}
