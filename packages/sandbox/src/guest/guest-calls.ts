import type { GuestRealm, PendingCall, ToolErrorFields } from "./guest-realm.ts";

/** What is on its way to the host or waits to go there, counted in characters. */
interface CallWindow {
  isFull(): boolean;
  add(entry: string): void;
  /** An answer has come to a call of this length. */
  leave(length: number): void;
  clear(): void;
}

declare function defineGlobal(realm: GuestRealm, name: string, value: unknown): void;

/** The way of a call to the host: queued, sent once a turn, settled when its answer comes. */
function installCalls(realm: GuestRealm): void {
  const { newPending, newTracedPending } = createPendingFactories(realm);
  const outbox = createOutbox(realm);
  const window = createCallWindow(outbox.add);
  const MAX_PLACES = 8;
  let nextId = 1;

  realm.caller = (scope) => {
    const mark = scope === undefined ? "" : `,${realm.quote(scope)}`;
    return (kind, name, args) => {
      if (!realm.execution) return callLate(realm, newPending(), name);
      realm.callCount += 1;
      // A loop's calls are found by their `await`: noting a place costs more than the rest of a call.
      const pending = realm.callCount > MAX_PLACES ? newTracedPending() : newPending();
      const json = window.isFull() ? tooManyHeld(realm, name) : encodeArguments(realm, name, args);
      if (typeof json !== "string") {
        pending.reject(json);
        return pending.promise;
      }
      const id = nextId;
      nextId += 1;
      const entry = `[${id},"${kind}",${realm.quote(name)},${json}${mark}]`;
      pending.length = entry.length;
      realm.pending[id] = pending;
      window.add(entry);
      return pending.promise;
    };
  };
  realm.call = realm.caller(undefined);
  realm.answered = (call) => window.leave(call.length);
  realm.dropPending = () => {
    outbox.clear();
    window.clear();
    const ids = realm.keysOf(realm.pending);
    for (let index = 0; index < ids.length; index += 1) delete realm.pending[Number(ids[index])];
  };
  realm.rejectPending = (makeError) => {
    outbox.clear();
    window.clear();
    const ids = realm.keysOf(realm.pending);
    for (let index = 0; index < ids.length; index += 1) {
      const id = Number(ids[index]);
      const call = realm.pending[id];
      delete realm.pending[id];
      if (!call) continue;
      // Nobody may be waiting for it: that is told as an un-awaited call, not as a rejection.
      ignoreRejection(call.promise);
      call.reject(makeError());
    }
  };
}

/** Calls of one turn go out together. */
function createOutbox(realm: GuestRealm): { add: (entry: string) => void; clear: () => void } {
  let queue = "";
  let scheduled = false;
  const flushSoon = async (): Promise<void> => {
    if (scheduled) return;
    scheduled = true;
    await null;
    scheduled = false;
    realm.flush();
  };
  realm.flush = () => {
    if (queue === "") return;
    const batch = queue;
    queue = "";
    const { execution } = realm;
    if (execution) realm.write(`C{"id":${realm.quote(execution.id)},"calls":[${batch}]}`);
  };
  return {
    add(entry) {
      queue += `${queue === "" ? "" : ","}${entry}`;
      // A batch of many small calls is cheap, a large one makes both sides wait.
      if (queue.length > 65_536) realm.flush();
      else flushSoon();
    },
    clear() {
      queue = "";
    },
  };
}

/**
 * Lets only so many calls and so much of arguments be with the host at a time: what is more waits in
 * here, where it counts as the program's memory. One that is alone is let through however large it is.
 */
function createCallWindow(send: (entry: string) => void): CallWindow {
  const maxSent = 8_000_000;
  const maxSentCalls = 5_000;
  const maxHeld = 16_000_000;
  const maxHeldCalls = 50_000;
  // By number: an array's elements could be caught by a setter on a prototype.
  const held = { __proto__: null } as unknown as Record<number, string>;
  let first = 0;
  let next = 0;
  let sentCalls = 0;
  let sentLength = 0;
  let heldLength = 0;
  const hasRoom = (entry: string): boolean =>
    sentCalls === 0 || (sentCalls < maxSentCalls && sentLength + entry.length <= maxSent);
  const pass = (entry: string): void => {
    sentCalls += 1;
    sentLength += entry.length;
    send(entry);
  };
  return {
    isFull: () => heldLength > maxHeld || next - first >= maxHeldCalls,
    add(entry) {
      if (first === next && hasRoom(entry)) return pass(entry);
      held[next] = entry;
      next += 1;
      heldLength += entry.length;
    },
    leave(length) {
      sentCalls -= 1;
      sentLength -= length;
      for (let entry = held[first]; entry !== undefined && hasRoom(entry); entry = held[first]) {
        delete held[first];
        first += 1;
        heldLength -= entry.length;
        pass(entry);
      }
    },
    clear() {
      for (; first < next; first += 1) delete held[first];
      sentCalls = 0;
      sentLength = 0;
      heldLength = 0;
    },
  };
}

function tooManyHeld(realm: GuestRealm, tool: string): Error {
  const message = `"${tool}" was not called: 50,000 calls or 16 MB of arguments are waiting already. Await some calls before you make more.`;
  return realm.toolError({ tool, code: "TOOL_LIMIT", message });
}

/**
 * Makes promises whose errors name a place in the program, although they themselves are made where
 * answers come in: the place of the call, or, traced, of the `await`.
 */
function createPendingFactories({ slice, define }: GuestRealm): {
  newPending: () => PendingCall;
  newTracedPending: () => PendingCall;
} {
  const NewPromise = Promise;
  const captureStack = Error.captureStackTrace;
  const newPlain = (): PendingCall => {
    let resolve: PendingCall["resolve"] = () => undefined;
    let reject: PendingCall["reject"] = () => undefined;
    const promise = new NewPromise<unknown>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    return { promise, resolve, reject, length: 0 };
  };
  const traced = async (promise: Promise<unknown>): Promise<unknown> => {
    try {
      return await promise;
    } catch (error) {
      captureStack(error as Error);
      throw error;
    }
  };
  const newTracedPending = (): PendingCall => {
    const { promise, resolve, reject } = newPlain();
    return { promise: traced(promise), resolve, reject, length: 0 };
  };
  const newPending = (): PendingCall => {
    const site: { stack?: string } = { __proto__: null } as never;
    captureStack(site);
    const { promise, resolve, reject: rejectPromise } = newPlain();
    const reject = (error: Error): void => {
      // The site's own head is the word "Error".
      try {
        define(error, "stack", `ToolError: ${error.message}${slice(site.stack ?? "", 5)}`);
      } catch {
        // A program's own `Error.prepareStackTrace` threw: the error goes without the place.
      }
      rejectPromise(error);
    };
    return { promise, resolve, reject, length: 0 };
  };
  return { newPending, newTracedPending };
}

/** Refused; a loop that goes on all the same gets no more answers, or it would go on for ever. */
function callLate(realm: GuestRealm, pending: PendingCall, tool: string): Promise<unknown> {
  realm.lateCount += 1;
  const message = `"${tool}" was called after its program had ended. Await every call.`;
  if (realm.lateCount <= 100) pending.reject(realm.toolError({ tool, code: "LATE_CALL", message }));
  return pending.promise;
}

/** JSON, or why the call cannot be made. */
function encodeArguments(realm: GuestRealm, tool: string, args: unknown): string | Error {
  try {
    const options = { strict: true, root: "args", maxLength: 8_000_000 };
    return realm.encode(args === undefined ? {} : args, options);
  } catch (error) {
    const { name, message } = error as Error;
    const reason = name === "TooLarge" ? "they are over 8 MB." : message;
    const code = "INVALID_ARGUMENTS";
    return realm.toolError({ tool, code, message: `Wrong arguments for "${tool}": ${reason}` });
  }
}

async function ignoreRejection(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch {
    // Told elsewhere.
  }
}

/** `ToolError`, what a failed call throws. */
function installToolErrors(realm: GuestRealm): void {
  const uncurry = (method: unknown): ((...args: unknown[]) => never) =>
    Function.prototype.call.bind(method as () => unknown) as never;
  const fieldsOf = new WeakMap<object, ToolErrorFields>();
  const getFields = uncurry(WeakMap.prototype.get);
  const setFields = uncurry(WeakMap.prototype.set);
  class ToolError extends Error {
    override readonly name = "ToolError";
    readonly tool: string | undefined;
    readonly code: string;
    readonly details: unknown;
    readonly retryable: boolean;
    constructor(fields: ToolErrorFields) {
      super(fields.message);
      this.tool = fields.tool;
      this.code = fields.code;
      this.details = fields.details ?? null;
      this.retryable = fields.retryable ?? false;
    }
  }
  realm.toolError = (fields) => {
    const error = new ToolError(fields);
    setFields(fieldsOf, error, fields);
    return error;
  };
  realm.toolErrorFields = (error) =>
    typeof error === "object" && error !== null ? getFields(fieldsOf, error) : undefined;
  defineGlobal(realm, "ToolError", ToolError);
}

export const callFunctions = [
  installCalls,
  createOutbox,
  createCallWindow,
  tooManyHeld,
  createPendingFactories,
  callLate,
  encodeArguments,
  ignoreRejection,
  installToolErrors,
];
