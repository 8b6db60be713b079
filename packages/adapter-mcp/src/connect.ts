import { CodemodeError, isCodemodeError } from "@codemode/core";
import type { Client, Transport } from "@modelcontextprotocol/client";

import { orAborted } from "./abortable.ts";
import { clientInfo } from "./client-info.ts";
import { connectHttp } from "./connect-http.ts";
import { connectStdio } from "./connect-stdio.ts";
import { messageOf } from "./error-cause.ts";
import type { ErrorWords } from "./error-words.ts";
import { keepListening } from "./keep-listening.ts";
import { connectError, connectTimeout } from "./mcp-errors.ts";
import type {
  ClientServerOptions,
  McpAdapterOptions,
  McpClientLike,
  ProtocolEra,
} from "./mcp-options.ts";
import type { PendingRequests } from "./pending-requests.ts";
import type { Questions } from "./questions.ts";
import { hearToolChanges } from "./tool-changes.ts";
import { watchAnswers } from "./watch-answers.ts";

/** A connection that stands. */
export interface McpConnection {
  readonly client: McpClientLike;
  /** `stdio`, `http`, `sse` or `client`. */
  readonly transport: string;
  /** Why it ended, where the transport knows better than the error at hand. */
  failure(): CodemodeError | undefined;
  close(): Promise<void>;
}

/** What a connection tells of later, and what ends its making. */
export interface ConnectionEvents {
  readonly signal: AbortSignal;
  readonly onClose: () => void;
  readonly onToolsChanged: () => void;
  /** What the server may ask. */
  readonly questions: Questions;
}

const CONNECT_TIMEOUT_MS = 30_000;

/** Connects as the options say. Rejects with a `CodemodeError` that names the server, and leaves nothing behind. */
export async function connect(
  options: McpAdapterOptions,
  words: ErrorWords,
  events: ConnectionEvents,
): Promise<McpConnection> {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const deadline = new AbortController();
  const timeout = connectTimeout(words, connectTimeoutMs);
  const timer = setTimeout(() => deadline.abort(timeout), connectTimeoutMs);
  const signal = AbortSignal.any([events.signal, deadline.signal]);
  const handshake = createHandshake(events, signal, connectTimeoutMs);
  try {
    if ("client" in options) return await connectGiven(options, words, { ...events, signal });
    if ("command" in options) return await connectStdio(options, { words, handshake });
    return await connectHttp(options, { words, handshake });
  } catch (error) {
    throw connectError(error, words);
  } finally {
    clearTimeout(timer);
  }
}

/** The client that was given. One that is made is waited for no longer than any other connection. */
async function connectGiven(
  { client }: ClientServerOptions,
  words: ErrorWords,
  { signal, onToolsChanged }: Pick<ConnectionEvents, "signal" | "onToolsChanged">,
): Promise<McpConnection> {
  const given = typeof client === "function" ? await made(client, words, signal) : client;
  hearToolChanges(given, onToolsChanged);
  const close = (): Promise<void> => given.close();
  return { client: given, transport: "client", failure: () => undefined, close };
}

async function made(
  make: () => McpClientLike | Promise<McpClientLike>,
  words: ErrorWords,
  signal: AbortSignal,
): Promise<McpClientLike> {
  const making = Promise.try(make);
  try {
    return await orAborted(making, signal);
  } catch (error) {
    // Nobody will use one that comes too late, and its failure changes nothing: the error at hand is told.
    making.then((late) => late.close()).catch(() => undefined);
    if (signal.aborted || isCodemodeError(error)) throw error;
    const message = `Server "${words.server}" has no client: the function given as "client" failed: ${words.redact(messageOf(error))}`;
    const options = { cause: error, retryable: true };
    throw new CodemodeError("SERVER_UNAVAILABLE", message, options);
  }
}

/** Makes a client on a transport. When that fails, the transport is closed. */
export type Handshake = (
  transport: Transport,
  options: { readonly era: ProtocolEra; readonly pending: PendingRequests },
) => Promise<Client>;

function createHandshake(
  { onClose, onToolsChanged, questions }: ConnectionEvents,
  signal: AbortSignal,
  timeout: number,
): Handshake {
  return async (transport, { era, pending }) => {
    const { Client } = await import("@modelcontextprotocol/client");
    const { capabilities } = questions;
    const client = new Client(clientInfo(), {
      capabilities,
      versionNegotiation: { mode: negotiation(era) },
    });
    questions.listen(client);
    const life = new AbortController();
    client.setNotificationHandler("notifications/tools/list_changed", onToolsChanged);
    // A transport may wait for its server's first word without a timer, so closing it is what ends the wait.
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      signal.throwIfAborted();
      const connecting = client.connect(transport, { timeout, signal });
      // The race tells its failure; after the race is over nobody waits for it any more.
      connecting.catch(() => undefined);
      await Promise.race([connecting, aborted.promise]);
    } catch (error) {
      await transport.close();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", abort);
      // Where the connecting itself failed, nobody waits for this one; that failure has been thrown.
      aborted.promise.catch(() => undefined);
    }
    const isModern = client.getProtocolEra() === "modern";
    watchAnswers(transport, pending, isModern);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has a property for it, not events
    client.onclose = () => {
      life.abort();
      onClose();
    };
    if (isModern) void keepListening(client, life.signal, onToolsChanged);
    return client;
  };
}

/** The SDK's word for an era. */
function negotiation(era: ProtocolEra): "legacy" | "auto" | { readonly pin: string } {
  if (era === "2026") return { pin: "2026-07-28" };
  return era === "2025" ? "legacy" : era;
}
