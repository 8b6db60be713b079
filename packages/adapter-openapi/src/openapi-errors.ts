import { CodemodeError, isRecord, retryAfterSeconds } from "@codemode/core";
import type { JsonValue } from "@codemode/core";

import type { AnswerTooLargeError, RedirectError } from "./http-faults.ts";
import { causeNamed, networkReason } from "./http-faults.ts";
import type { HttpAnswer } from "./http-sender.ts";
import { errorBody } from "./read-answer.ts";
import type { SecurityScheme } from "./security.ts";

/** A call, for messages about it. */
export interface CallWords {
  /** Canonical name. */
  readonly tool: string;
  readonly server: string;
  readonly method: string;
  /** The path as the document has it: no argument is in it. */
  readonly path: string;
  readonly origin: string;
  /** The schemes that the operation may be called with. */
  readonly schemes: readonly SecurityScheme[];
  /** Names of the schemes whose credentials were sent. */
  readonly sent: readonly string[];
  readonly timeoutMs: number;
  /** The key of the configuration that says where requests go. Default `base_url`. */
  readonly urlKey?: string;
}

// The same call may succeed later.
const RETRYABLE = new Set([408, 425, 429, 502, 503, 504]);

/** An answer that is no success: what it said, and the next step. */
export function answerError(answer: HttpAnswer, words: CallWords): CodemodeError {
  const { status } = answer;
  const { tool, method, path } = words;
  const body = errorBody(answer);
  const retryAfter = retryAfterSeconds(answer.headers.get("retry-after"));
  const retryable = RETRYABLE.has(status);
  const said = saidBy(body);
  const what = `${method} ${path} answered HTTP ${status}${said === "" ? "" : `: ${said}`}`;
  const wait = retryAfter === undefined ? "" : ` It asks to wait ${retryAfter} s.`;
  const message = `Tool "${tool}" failed: ${ended(what)}${wait}${nextStep(status, words)}`;
  const details = {
    status,
    body,
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  };
  return new CodemodeError("TOOL_FAILED", message, { tool, retryable, details });
}

function nextStep(status: number, words: CallWords): string {
  if (status === 401 || status === 403) return ` ${credentialStep(words, status)}`;
  if (status >= 300 && status < 400) return ` Correct ${urlKey(words)}.`;
  if (status === 406 || status === 415)
    return " The service does not take the media types that its document names.";
  return "";
}

/** Names the scheme and the key of the configuration. */
function credentialStep({ server, schemes, sent }: CallWords, status: number): string {
  const names = sent.map((name) => `"auth"."${name}"`).join(", ");
  if (sent.length > 0 && status === 403)
    return `What ${names} of server "${server}" stands for was sent, and may not do this: give it the right or scope, or configure another.`;
  if (sent.length > 0)
    return `What ${names} of server "${server}" stands for was sent and not accepted: check its value and the variables in it.`;
  const [scheme] = schemes;
  if (!scheme)
    return `Its document names no security scheme: set "headers": { "Authorization": "Bearer \${YOUR_TOKEN}" } of server "${server}".`;
  const needed = schemes.map(({ name, words }) => `"${name}" (${words})`).join(" or ");
  const variable = scheme.name.replaceAll(/[^A-Za-z0-9]+/g, "_").toUpperCase();
  return `It needs the security scheme ${needed}: set "auth": { ${JSON.stringify(scheme.name)}: ${exampleOf(scheme, variable)} } of server "${server}".`;
}

function exampleOf({ raw, words }: SecurityScheme, variable: string): string {
  if (words === "HTTP basic") return `{ "username": "...", "password": "\${${variable}}" }`;
  const flows = raw["flows"];
  const hasClientFlow =
    (isRecord(flows) && "clientCredentials" in flows) || raw["flow"] === "application";
  if (hasClientFlow) return `{ "client_id": "...", "client_secret": "\${${variable}}" }`;
  return `"\${${variable}}"`;
}

const MAX_SAID = 300;
const MESSAGE_KEYS = [
  "message",
  "error_description",
  "detail",
  "error",
  "title",
  "errors",
] as const;

/** The sentence in an error's body: the message of JSON, the title of a page, or a text as it is. */
function saidBy(body: JsonValue): string {
  if (typeof body !== "string") return oneLine(messageIn(body, 0) ?? "");
  if (/^\s*<(!doctype|html|head|\?xml)/i.test(body))
    return oneLine(/<title[^>]*>([^<]*)</i.exec(body)?.[1] ?? "");
  return oneLine(body);
}

function messageIn(value: unknown, depth: number): string | undefined {
  if (typeof value === "string" && value.trim() !== "") return value;
  if (depth > 4) return undefined;
  if (Array.isArray(value)) return messageIn(value[0], depth + 1);
  if (!isRecord(value)) return undefined;
  for (const key of MESSAGE_KEYS) {
    const found = messageIn(value[key], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line.length > MAX_SAID ? `${line.slice(0, MAX_SAID)}...` : line;
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A request that got no answer. `signal` is the caller's own. */
export function sendError(error: unknown, words: CallWords, signal: AbortSignal): CodemodeError {
  const { tool, server, origin, timeoutMs } = words;
  const context = { cause: error, tool };
  if (signal.aborted)
    return new CodemodeError("CANCELLED", `The call of "${tool}" was cancelled.`, context);
  const tooLarge = causeNamed(error, "AnswerTooLargeError");
  if (isTooLarge(tooLarge)) {
    const message = `The answer of "${tool}" is over the limit of ${tooLarge.maxBytes} bytes. Ask for less: a page, a range, fewer fields; or raise "max_response_bytes" of server "${server}".`;
    return new CodemodeError("TOOL_RESULT_TOO_LARGE", message, context);
  }
  const redirect = causeNamed(error, "RedirectError");
  if (isRedirect(redirect)) return redirectError(redirect, words);
  const refused = causeNamed(error, "PrivateAddressError");
  if (refused) {
    const message = `Server "${server}" was not asked: ${refused.message}, and its document was loaded from elsewhere. Set "base_url" if you trust the place.`;
    return new CodemodeError("SERVER_UNAVAILABLE", message, context);
  }
  if (causeNamed(error, "TimeoutError")) {
    const message = `Tool "${tool}" did not answer within ${timeoutMs} ms. Ask for less at once, or raise "timeout_ms" of server "${server}".`;
    return new CodemodeError("TOOL_TIMEOUT", message, { ...context, retryable: true });
  }
  const broken = causeNamed(error, "BrokenAnswerError");
  if (broken) {
    const message = `Tool "${tool}" failed: ${broken.message} (${networkReason(broken)}). Call it again where that does no harm.`;
    return new CodemodeError("TOOL_FAILED", message, { ...context, retryable: true });
  }
  const message = `Server "${server}" cannot be reached at ${origin} (${networkReason(error)}). Check that it runs and its ${urlKey(words)}.`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { ...context, retryable: true });
}

function urlKey({ urlKey: key = "base_url" }: CallWords): string {
  return JSON.stringify(key);
}

function redirectError(fault: RedirectError, words: CallWords): CodemodeError {
  const { tool, server, method, path } = words;
  const { status, target, isAllowed } = fault;
  const why = isAllowed
    ? `which is one redirect too many. Correct its ${urlKey(words)}`
    : `which is none of its servers, so it is not followed. Set ${urlKey(words)} of server "${server}" to that place if you trust it`;
  const message = `Tool "${tool}" failed: ${method} ${path} redirects to ${target} (HTTP ${status}), ${why}.`;
  return new CodemodeError("TOOL_FAILED", message, {
    tool,
    cause: fault,
    details: { status, location: target },
  });
}

function isTooLarge(error: Error | undefined): error is AnswerTooLargeError {
  return error?.name === "AnswerTooLargeError";
}

function isRedirect(error: Error | undefined): error is RedirectError {
  return error?.name === "RedirectError";
}
