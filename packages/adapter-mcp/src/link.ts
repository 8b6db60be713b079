import { CodemodeError } from "@codemode/core";

import type { McpConnection } from "./connect.ts";
import { connect } from "./connect.ts";
import { isConnectionLoss } from "./error-cause.ts";
import type { ErrorWords } from "./error-words.ts";
import type { McpAdapterOptions, McpClientLike } from "./mcp-options.ts";

/** What is done on a connection. */
export interface LinkUse<Result> {
  readonly signal: AbortSignal;
  readonly run: (client: McpClientLike) => Promise<Result>;
  /** `wasSent` tells whether there was a connection at all. */
  readonly explain: (error: unknown, wasSent: boolean) => CodemodeError;
}

/** The connection to one server: made when needed, made anew after it ended. */
export interface Link {
  /** Runs with a client. What the transport knows of its end comes before the error at hand. */
  use<Result>(use: LinkUse<Result>): Promise<Result>;
  /** The latest connection, standing or not. */
  last(): McpConnection | undefined;
  close(): Promise<void>;
}

interface Slot {
  readonly opening: Promise<McpConnection>;
}

/** A link that has not connected yet. */
export function createLink(
  options: McpAdapterOptions,
  words: ErrorWords,
  onToolsChanged: () => void,
): Link {
  const lifetime = new AbortController();
  const endings = new Set<Promise<unknown>>();
  const dropped = new WeakSet<Slot>();
  let current: Slot | undefined;
  let last: McpConnection | undefined;

  /** Gives a connection up. Only the one at hand: there may be a newer one by now. */
  const drop = (slot: Slot): void => {
    if (dropped.has(slot)) return;
    dropped.add(slot);
    if (current === slot) current = undefined;
    // What never connected has cleaned up after itself.
    const ending = slot.opening.then((opened) => opened.close()).catch(() => undefined);
    endings.add(ending);
    void ending.then(() => endings.delete(ending));
  };
  const open = (): Slot => {
    const events = { onClose: () => drop(slot), onToolsChanged };
    const opening = connect(options, words, { ...events, signal: lifetime.signal });
    const slot: Slot = { opening };
    opening.then(
      (opened) => (last = opened),
      () => drop(slot),
    );
    return slot;
  };
  return {
    last: () => last,
    async use({ signal, run, explain }) {
      let opened: McpConnection | undefined;
      let slot: Slot | undefined;
      try {
        signal.throwIfAborted();
        lifetime.signal.throwIfAborted();
        slot = current ??= open();
        opened = await orAborted(slot.opening, signal);
        return await run(opened.client);
      } catch (error) {
        const failure = opened?.failure();
        if (slot && opened && (failure || isConnectionLoss(error))) drop(slot);
        const { aborted, reason } = lifetime.signal;
        throw explain(aborted ? reason : (failure ?? error), opened !== undefined);
      }
    },
    async close() {
      const message = `Server "${words.server}" was closed. Add it again to use it.`;
      lifetime.abort(new CodemodeError("SERVER_UNAVAILABLE", message));
      if (current) drop(current);
      await Promise.all(endings);
    },
  };
}

/** What others wait for too goes on; this one waits no longer. */
function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a signal's reason is whatever its owner gave
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}
