import type { CodemodeError } from "@codemode/core";
import type { FetchLike } from "@modelcontextprotocol/client";

import type { RequestId } from "./broken-reply.ts";
import type { ErrorWords } from "./error-words.ts";
import { tooLong } from "./process-errors.ts";

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
// What the end of a stream brought is delivered by then.
const DELIVERY_MS = 100;

/**
 * `fetch` for a server that is not trusted: a message over 16 MiB ends its response, and a stream
 * that ends tells `onEnd` whose answer it should have brought, unless it can be taken up again.
 */
export function createHttpFetch(words: ErrorWords, onEnd: (id: RequestId) => void): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!response.body) return response;
    const id = requestIdOf(init?.body);
    const isStream = response.headers.get("content-type")?.includes("text/event-stream") === true;
    const watch: Watch = {
      isStream,
      overflow: () => tooLong(words, MAX_MESSAGE_BYTES),
      onEnd: () => {
        if (id !== undefined && response.ok) setTimeout(onEnd, DELIVERY_MS, id);
      },
    };
    const { status, statusText, headers } = response;
    const watched = new Response(watchBody(response.body, watch), { status, statusText, headers });
    // Where redirects led is read from it.
    return Object.defineProperty(watched, "url", { value: response.url });
  };
}

interface Watch {
  /** Events, each of which may be as long as a whole answer otherwise. */
  readonly isStream: boolean;
  readonly overflow: () => CodemodeError;
  readonly onEnd: () => void;
}

function watchBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { isStream, overflow, onEnd }: Watch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const events = createEventMeter();
  let bytes = 0;
  const measure = (chunk: Uint8Array): void => {
    if (isStream) events.read(chunk);
    bytes = isStream ? events.bytes() : bytes + chunk.length;
    if (bytes > MAX_MESSAGE_BYTES) throw overflow();
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          measure(value);
          controller.enqueue(value);
          return;
        }
        controller.close();
      } catch (error) {
        controller.error(error);
        // It has failed already; that is what is told.
        await reader.cancel().catch(() => undefined);
      }
      if (!events.isResumable()) onEnd();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

interface EventMeter {
  read(chunk: Uint8Array): void;
  /** Length of the event that is coming in. */
  bytes(): number;
  /** An event had an id: from there a client may take the stream up again. */
  isResumable(): boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Measures events, which end with an empty line. */
function createEventMeter(): EventMeter {
  let bytes = 0;
  let lineLength = 0;
  let lineStart = "";
  let isResumable = false;
  return {
    bytes: () => bytes,
    isResumable: () => isResumable,
    read(chunk) {
      for (const byte of chunk) {
        bytes += 1;
        if (byte === LINE_FEED) {
          if (lineLength === 0) bytes = 0;
          isResumable ||= lineStart === "id:";
          lineLength = 0;
          lineStart = "";
        } else if (byte !== CARRIAGE_RETURN) {
          if (lineLength < 3) lineStart += String.fromCodePoint(byte);
          lineLength += 1;
        }
      }
    },
  };
}

function requestIdOf(body: unknown): RequestId | undefined {
  if (typeof body !== "string") return undefined;
  const message: unknown = JSON.parse(body);
  if (typeof message !== "object" || message === null || !("id" in message)) return undefined;
  if (!("method" in message)) return undefined;
  return typeof message.id === "string" || typeof message.id === "number" ? message.id : undefined;
}
