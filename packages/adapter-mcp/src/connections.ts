import { setTimeout as sleep } from "node:timers/promises";

import { CodemodeError } from "@codemode/core";

import type { ConnectionEvents, McpConnection } from "./connect.ts";
import { connect } from "./connect.ts";
import type { ErrorWords } from "./error-words.ts";
import type { McpAdapterOptions } from "./mcp-options.ts";

/** One connection, from the wish for it to its end. */
export interface Slot {
  readonly opening: Promise<McpConnection>;
  /** How many wait for it or use it. */
  users: number;
  /** It is not to be used any more, and is closed when the last user has done with it. */
  isRetired: boolean;
}

/** The connections to one server: at most one of them is taken, others may still be ending. */
export interface Connections {
  /** Aborted when they were closed for good. */
  readonly signal: AbortSignal;
  /** The connection at hand, or a new one. To be given back with `release`. */
  take(): Slot;
  release(slot: Slot): void;
  /** It did what it was asked: whatever failed before is over. */
  praise(): void;
  /** Closes it when the last user has got the answer that it is worth. */
  retire(slot: Slot): void;
  /** Closes it now. */
  drop(slot: Slot): void;
  /** The latest that stood, whether it still does or not. */
  readonly last: () => McpConnection | undefined;
  readonly close: () => Promise<void>;
}

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/** How long to wait before connecting again: not at all the first time, then ever longer. */
export function backOffMs(failures: number): number {
  return failures < 2 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 2));
}

/** No connection yet. */
export function createConnections(
  options: McpAdapterOptions,
  words: ErrorWords,
  told: Pick<ConnectionEvents, "onToolsChanged" | "questions">,
): Connections {
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const endings = createEndings();
  let current: Slot | undefined;
  let last: McpConnection | undefined;
  let failures = 0;

  const leave = (slot: Slot): void => {
    // There may be a newer one by now.
    if (current !== slot) return;
    current = undefined;
    failures += 1;
  };
  const drop = (slot: Slot): void => {
    leave(slot);
    endings.add(slot);
  };
  const rest = createRest(words.isRenewable ? options.idleStopMs : undefined, () => {
    if (!current || current.users > 0) return;
    drop(current);
    failures = 0;
  });
  const open = (): Slot => {
    const events = { ...told, onClose: () => drop(slot), signal };
    const opening = pause(backOffMs(failures), signal).then(() => connect(options, words, events));
    const slot: Slot = { opening, users: 0, isRetired: false };
    // Its users wait for `opening` itself and are told why; here it only makes room for the next.
    opening.then((opened) => (last = opened)).catch(() => drop(slot));
    return slot;
  };
  return {
    signal,
    last: () => last,
    drop,
    praise: () => void (failures = 0),
    take() {
      rest.end();
      current ??= open();
      current.users += 1;
      return current;
    },
    release(slot) {
      slot.users -= 1;
      if (slot.users > 0) return;
      if (slot.isRetired) drop(slot);
      else rest.begin();
    },
    retire: (slot) => leave(Object.assign(slot, { isRetired: true })),
    async close() {
      lifetime.abort(closedError(words));
      rest.end();
      if (current) drop(current);
      await endings.all();
    },
  };
}

/** What is still ending. How it ends is nobody's concern. */
function createEndings() {
  const endings = new Set<Promise<unknown>>();
  const begun = new WeakSet<Slot>();
  return {
    add(slot: Slot): void {
      if (begun.has(slot)) return;
      begun.add(slot);
      // What never connected has cleaned up after itself and told its users why; what fails to close
      // has been let go of all the same, and nobody's call depends on it.
      const ending = slot.opening.then((opened) => opened.close()).catch(() => undefined);
      endings.add(ending);
      void ending.then(() => endings.delete(ending));
    },
    all: (): Promise<unknown> => Promise.all(endings),
  };
}

/** Tells when nothing was done for so long, which is no failure. */
function createRest(ms: number | undefined, onRested: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin(): void {
      clearTimeout(timer);
      if (ms !== undefined) timer = setTimeout(onRested, ms).unref();
    },
    end: (): void => clearTimeout(timer),
  };
}

function closedError({ server }: ErrorWords): CodemodeError {
  const message = `Server "${server}" was closed. Add it again to use it.`;
  return new CodemodeError("SERVER_UNAVAILABLE", message);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) return;
  await sleep(ms, undefined, { signal, ref: false }).catch(() => signal.throwIfAborted());
}
