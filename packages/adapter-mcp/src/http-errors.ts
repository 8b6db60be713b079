import { CodemodeError, retryAfterSeconds } from "@codemode/core";

import { loginError } from "./auth/login-error.ts";
import type { ErrorWords } from "./error-words.ts";

/** What an HTTP answer other than a success said. */
export interface HttpFault {
  readonly status: number;
  /** The beginning of its body. */
  readonly text: string;
  readonly headers: Headers;
}

/** Why a server answered with this status, and what to do about it. */
export function httpError(status: number, words: ErrorWords, cause: unknown): CodemodeError {
  const fault = words.faults.get(status);
  if (wantsLogin(status, words, fault)) return loginError(words);
  const said = words.redact(saidBy(words.redactor.mask(fault?.text ?? "")));
  const place: FaultPlace = {
    words,
    fault,
    code: `HTTP ${status}${said === "" ? "" : `: ${said}`}`,
  };
  const { what, retryable = false } = whatHappened(status, place);
  const retryAfter = retryable ? retryAfterSeconds(fault?.headers.get("retry-after")) : undefined;
  const wait = retryAfter === undefined ? "" : ` Try again in ${retryAfter} s.`;
  const details = {
    status,
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  };
  const message = `Server "${words.server}" ${what}${wait}`;
  return new CodemodeError("SERVER_UNAVAILABLE", message, { cause, retryable, details });
}

/** A server that names its OAuth metadata can be logged in to, unless it is given credentials already. */
function wantsLogin(status: number, { headerNames }: ErrorWords, fault?: HttpFault): boolean {
  if (headerNames.some((name) => name.toLowerCase() === "authorization")) return false;
  const challenge = fault?.headers.get("www-authenticate") ?? "";
  return status === 401 && /\bresource_metadata\s*=/i.test(challenge);
}

interface FaultPlace {
  readonly words: ErrorWords;
  readonly fault: HttpFault | undefined;
  /** The status and the server's own words for it. */
  readonly code: string;
}

interface Verdict {
  readonly what: string;
  readonly retryable?: boolean;
}

function whatHappened(status: number, { words, fault, code }: FaultPlace): Verdict {
  const { place } = words;
  if (status < 400) return { what: redirectWords(words, fault, code) };
  if (status === 401)
    return {
      what: `asks for credentials at ${place} (${code}). ${credentialsStep("Add", words, fault)}`,
    };
  if (status === 403) {
    const step = credentialsStep("If it wants credentials, add", words, fault);
    return { what: `refused access to ${place} (${code}). ${step}` };
  }
  if (status === 404 || status === 410)
    return {
      what: `has nothing at the path "${words.path}" (${code}). Correct its "url", which is ${place}${orTransport(words)}.`,
    };
  if (status === 405 || status === 406 || status === 415)
    return { what: `does not take MCP requests at ${place} (${code}). ${transportStep(words)}` };
  if (status === 408 || status === 429)
    return {
      what: `takes no more requests at ${place} for now (${code}). Make fewer calls at once.`,
      retryable: true,
    };
  if (status === 413)
    return { what: `takes no request of that size at ${place} (${code}). Send it less.` };
  if (status < 500)
    return {
      what: `refused the request at ${place} (${code}). Check its "url" and its "headers"${orTransport(words)}, or look into its log.`,
    };
  if (status === 502 || status === 503 || status === 504)
    return {
      what: `is not available at ${place} (${code}). Check that it runs behind its gateway, or try again.`,
      retryable: true,
    };
  return {
    what: `failed at ${place} (${code}). Look into its log, or try again.`,
    retryable: true,
  };
}

function redirectWords(words: ErrorWords, fault: HttpFault | undefined, code: string): string {
  const location = fault?.headers.get("location") ?? "";
  if (!URL.canParse(location, words.place))
    return `redirects from ${words.place} (${code}) without saying where. Correct its "url".`;
  const { origin, pathname } = new URL(location, words.place);
  const target = words.redact(origin) + pathname;
  return `redirects from ${words.place} to ${target} (${code}), which is not followed: its credentials are for the one place only. Set its "url" to the other if you trust it.`;
}

/** Which of the headers is to be looked at, or which one to add. */
function credentialsStep(
  add: string,
  { headerNames }: ErrorWords,
  fault: HttpFault | undefined,
): string {
  const likely = headerNames.filter((name) => /auth|key|token|secret|cookie/i.test(name));
  const names = (likely.length > 0 ? likely : headerNames).map((name) => `"${name}"`).join(", ");
  if (names !== "")
    return `Check ${names} of its "headers", and the variables that the value is made of.`;
  const scheme = /^\s*basic\b/i.test(fault?.headers.get("www-authenticate") ?? "")
    ? "Basic"
    : "Bearer";
  return `${add} "headers": { "Authorization": "${scheme} \${YOUR_TOKEN}" } to it.`;
}

function transportStep({ transportType }: ErrorWords): string {
  if (transportType === "http") return 'Set its "type" to "sse", or correct its "url".';
  if (transportType === "sse") return 'Set its "type" to "http", or correct its "url".';
  return 'Neither type "http" nor "sse" works there: correct its "url".';
}

/** The other transport, where the options hold to one. */
function orTransport({ transportType }: ErrorWords): string {
  if (transportType === undefined) return "";
  return `, or set its "type" to "${transportType === "http" ? "sse" : "http"}"`;
}

/** The sentence in a body: the message of JSON, what a page quotes or its title, or a text as it is. */
function saidBy(text: string): string {
  const body = text.trim();
  if (/^<(!doctype|html|head|\?xml)/i.test(body)) {
    const [, quoted] = /<pre[^>]*>([^<]*)</i.exec(body) ?? /<title[^>]*>([^<]*)</i.exec(body) ?? [];
    return (quoted ?? "").trim().slice(0, MAX_SAID);
  }
  if (!body.startsWith("{")) return body.slice(0, MAX_SAID);
  try {
    return (messageIn(JSON.parse(body)) ?? "").slice(0, MAX_SAID);
  } catch {
    // It only begins like JSON.
    return body.slice(0, MAX_SAID);
  }
}

const MAX_SAID = 200;
const MESSAGE_KEYS = ["error_description", "message", "error", "detail", "title"] as const;

function messageIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const entries = new Map<string, unknown>(Object.entries(value));
  for (const key of MESSAGE_KEYS) {
    const found = messageIn(entries.get(key));
    if (found !== undefined) return found;
  }
  return undefined;
}
