import type { CodemodeError } from "@codemode/core";
import type { FetchLike } from "@modelcontextprotocol/client";

import type { RequestId } from "./broken-reply.ts";
import { BROKEN_REPLY_CODE } from "./broken-reply.ts";
import type { ErrorWords } from "./error-words.ts";
import { createEventMeter } from "./event-meter.ts";
import { tooLong, tooLongWords } from "./process-errors.ts";
import { readBeginning } from "./read-beginning.ts";

/** What the transport is told of its responses. */
export interface HttpWatch {
  readonly words: ErrorWords;
  readonly maxMessageBytes: number;
  /** The response that should have brought this request's answer has ended. */
  readonly onEnd: (id: RequestId) => void;
  /** A stream for more than one answer has ended, with the reason where it is ours. */
  readonly onStreamEnd: (reason?: CodemodeError) => void;
}

// What the end of a stream brought is delivered by then.
const DELIVERY_MS = 100;

/**
 * `fetch` for a server that is not trusted: no message over the limit gets through, whatever it was
 * compressed to; what is no success is read to an end that is ours; and a stream that ends is told,
 * unless it can be taken up again.
 */
export function createHttpFetch(watch: HttpWatch): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init);
    const { status, statusText, headers } = response;
    if (!response.body || !response.ok) {
      const text = response.body ? await readBeginning(response.body) : "";
      watch.words.faults.set(status, { status, text, headers });
      if (status < 200 || EMPTY_STATUSES.has(status)) return response;
      return withUrl(new Response(text, { status, statusText, headers }), response.url);
    }
    const id = requestIdOf(init?.body);
    const isStream = headers.get("content-type")?.includes("text/event-stream") === true;
    const body = watchBody(response.body, { ...watch, id, isStream });
    return withUrl(new Response(body, { status, statusText, headers }), response.url);
  };
}

// `Response` takes no body with them.
const EMPTY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/** Where redirects led is read from it. */
function withUrl(response: Response, url: string): Response {
  return Object.defineProperty(response, "url", { value: url });
}

interface BodyWatch extends HttpWatch {
  readonly id: RequestId | undefined;
  /** Events, each of which may be as long as a whole answer otherwise. */
  readonly isStream: boolean;
}

function watchBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { id, isStream, words, maxMessageBytes, onEnd, onStreamEnd }: BodyWatch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const events = createEventMeter();
  let bytes = 0;
  const isOver = (chunk: Uint8Array): boolean => {
    if (isStream) events.read(chunk);
    bytes = isStream ? events.bytes() : bytes + chunk.length;
    return bytes > maxMessageBytes;
  };
  const ended = (): void => {
    if (id !== undefined && !events.isResumable()) setTimeout(onEnd, DELIVERY_MS, id);
    if (id === undefined && isStream) onStreamEnd();
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          ended();
        } else if (!isOver(value)) controller.enqueue(value);
        else if (isStream && id !== undefined) {
          controller.enqueue(tooLongEvent(id, maxMessageBytes));
          controller.close();
          await reader.cancel();
        } else throw tooLong(words, maxMessageBytes);
      } catch (error) {
        controller.error(error);
        // The stream has failed already and that is told: it may fail to be let go of as well.
        await reader.cancel().catch(() => undefined);
        if (isStream && id === undefined && bytes > maxMessageBytes)
          onStreamEnd(tooLong(words, maxMessageBytes));
        else ended();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/**
 * Ends the event at hand as one that nobody heeds and answers in its place: where a stream just ended,
 * it would be asked for the same event again and again.
 */
function tooLongEvent(id: RequestId, maxBytes: number): Uint8Array<ArrayBuffer> {
  const error = { code: BROKEN_REPLY_CODE, message: `it is ${tooLongWords(maxBytes)}` };
  const answer = JSON.stringify({ jsonrpc: "2.0", id, error });
  return new TextEncoder().encode(`\nevent: too-long\n\ndata: ${answer}\n\n`);
}

function requestIdOf(body: unknown): RequestId | undefined {
  if (typeof body !== "string") return undefined;
  const message: unknown = JSON.parse(body);
  if (typeof message !== "object" || message === null || !("id" in message)) return undefined;
  if (!("method" in message)) return undefined;
  return typeof message.id === "string" || typeof message.id === "number" ? message.id : undefined;
}
