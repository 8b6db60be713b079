import type { CodemodeError } from "@codemode/core";

import { orAborted } from "./abortable.ts";
import type { McpConnection } from "./connect.ts";
import type { Slot } from "./connections.ts";
import { createConnections } from "./connections.ts";
import { isConnectionLoss, isSessionLoss } from "./error-cause.ts";
import type { ErrorWords } from "./error-words.ts";
import type { McpAdapterOptions, McpClientLike } from "./mcp-options.ts";

/** What is done on a connection. */
interface LinkUse<Result> {
  readonly signal: AbortSignal;
  readonly run: (client: McpClientLike) => Promise<Result>;
  /** `wasSent` tells whether there was a connection at all. */
  readonly explain: (error: unknown, wasSent: boolean) => CodemodeError;
  /** Doing it twice is doing it once, so it may be sent again after the connection broke. */
  readonly isRepeatable?: boolean;
}

/** The connection to one server: made when needed, made anew after it ended. */
export interface Link {
  /** Runs with a client. What the transport knows of its end comes before the error at hand. */
  use<Result>(use: LinkUse<Result>): Promise<Result>;
  /** The latest connection, standing or not. */
  last(): McpConnection | undefined;
  close(): Promise<void>;
}

/** A link that has not connected yet. */
export function createLink(
  options: McpAdapterOptions,
  words: ErrorWords,
  listeners: Parameters<typeof createConnections>[2],
): Link {
  const connections = createConnections(options, words, listeners);

  const attempt = async <Result>(
    { signal, run, explain, isRepeatable = false }: LinkUse<Result>,
    again?: () => Promise<Result>,
  ): Promise<Result> => {
    let opened: McpConnection | undefined;
    let slot: Slot | undefined;
    try {
      signal.throwIfAborted();
      connections.signal.throwIfAborted();
      slot = connections.take();
      opened = await orAborted(slot.opening, signal);
      const result = await run(opened.client);
      connections.praise();
      return result;
    } catch (error) {
      const failure = opened?.failure();
      const { aborted, reason } = connections.signal;
      const mayGoOn = again && words.isRenewable && !aborted && !signal.aborted;
      if (slot && opened && !failure && isSessionLoss(error)) {
        connections.retire(slot);
        // The server refused it for the session's sake and has done nothing: it may be sent once more.
        if (mayGoOn) return again();
      } else if (slot && opened && (failure || isConnectionLoss(error))) {
        connections.drop(slot);
        if (mayGoOn && isRepeatable) return again();
      }
      const told = explain(aborted ? reason : (failure ?? error), opened !== undefined);
      // After the login the connection is made anew, with it.
      if (slot && told.code === "AUTH_REQUIRED") connections.retire(slot);
      throw words.redactor.clean(told);
    } finally {
      if (slot) connections.release(slot);
    }
  };
  return {
    last: connections.last,
    use: (use) => attempt(use, () => attempt(use)),
    close: connections.close,
  };
}
