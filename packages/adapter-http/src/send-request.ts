import type { FilledRequest } from "./fill-request.ts";
import type { CallWords } from "./http-errors.ts";
import { redirectError, sendError, statusError, tooLargeError } from "./http-errors.ts";

/** What a request may take. */
export interface SendOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** A success. */
export interface Answer {
  readonly contentType: string;
  readonly body: Buffer;
}

const MAX_REDIRECTS = 5;

/** Sends a request and reads the answer. Rejects with a `CodemodeError`, for a status that is no success as well. */
export async function sendRequest(
  request: FilledRequest,
  words: CallWords,
  { signal, timeoutMs, maxBytes }: SendOptions,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(Math.min(timeoutMs, MAX_TIMER));
  let status: number | undefined;
  try {
    signal.throwIfAborted();
    const response = await follow(request, words, AbortSignal.any([signal, timeout]));
    ({ status } = response);
    const body = await readBody(response, maxBytes);
    if (!response.ok) throw statusError(response, body?.toString("utf8") ?? "", words);
    if (!body) throw tooLargeError(words.tool, maxBytes);
    return { contentType: response.headers.get("content-type") ?? "", body };
  } catch (error) {
    throw sendError(error, words, { signal, timeout, timeoutMs, status });
  }
}

// Node takes a longer time for none at all.
const MAX_TIMER = 2 ** 31 - 1;

/** Goes along redirects that stay with the service: another host has no business with our credentials. */
async function follow(
  request: FilledRequest,
  words: CallWords,
  signal: AbortSignal,
): Promise<Response> {
  const { method, headers, body } = request;
  let { url } = request;
  for (let redirects = 0; ; redirects += 1) {
    const carried = body === undefined ? {} : { body };
    // oxlint-disable-next-line no-await-in-loop -- where the next one goes stands in this answer
    const response = await fetch(url, { method, headers, ...carried, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return response;
    // oxlint-disable-next-line no-await-in-loop -- the connection is free when the answer is read or dropped
    await response.body?.cancel();
    const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
    const isSafe = method === "GET" || method === "HEAD";
    if (target?.origin !== words.origin || !isSafe || redirects === MAX_REDIRECTS)
      throw redirectError(response.status, target?.origin ?? "no URL", words);
    url = target.href;
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The body, decompressed; nothing where it is over the limit. */
async function readBody(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the rest.
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
