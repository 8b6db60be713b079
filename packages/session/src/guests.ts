import { randomBytes } from "node:crypto";

import type { Diagnostic } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { Sandbox, SandboxSession } from "@codemode/sandbox";

/** How guests are kept. */
export interface GuestOptions {
  readonly sandbox: Sandbox;
  readonly memoryMb?: number;
  readonly maxGuests: number;
  readonly guestIdleMs: number;
}

/** A guest in use, until `release`. */
export interface GuestLease extends Disposable {
  readonly guest: SandboxSession;
  readonly warnings: readonly Diagnostic[];
}

/** The live guests of one session, by handle. */
export interface Guests extends AsyncDisposable {
  /** A new guest. Rejects with `SESSION_LIMIT` or why the sandbox cannot start. */
  open(): Promise<GuestLease>;
  /** The one guest for executions without a handle; a lost one is replaced, with a warning. */
  shared(): Promise<GuestLease>;
  /** The guest of an earlier execution. Throws `SESSION_NOT_FOUND` or `SESSION_LOST`. */
  resume(handle: string): GuestLease;
  close(handle: string): Promise<void>;
}

interface Entry {
  readonly guest: SandboxSession;
  users: number;
  idleTimer: NodeJS.Timeout | undefined;
}

/** Opens, keeps and closes guests. The one idle for longest makes room for a new one. */
export function createGuests(options: GuestOptions): Guests {
  const { entries, lost, lease, close } = createLeases(options.guestIdleMs);
  let sharedGuest: Promise<SandboxSession> | undefined;

  const start = async (): Promise<SandboxSession> => {
    makeRoom(entries, options.maxGuests, close);
    const { sandbox, memoryMb } = options;
    const memory = memoryMb === undefined ? {} : { memoryMb };
    return sandbox.openSession({ id: mintHandle(), ...memory });
  };

  return {
    open: async () => lease(await start()),
    async shared() {
      const asked = sharedGuest;
      const before = await asked?.catch(() => undefined);
      const usable = before?.state === "ready" || before?.state === "running";
      // Of several executions that find it gone, the first starts the new one.
      if (!usable && sharedGuest === asked) sharedGuest = start();
      const guest = await sharedGuest;
      if (!guest) throw new CodemodeError("INTERNAL", "The shared guest did not open.");
      return lease(guest, before && !usable ? [RESTARTED] : []);
    },
    resume(handle) {
      const entry = entries.get(handle);
      if (entry && entry.guest.state !== "lost") return lease(entry.guest);
      throw entry || lost.has(handle) ? lostError(handle) : unknownError(handle);
    },
    close,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...entries.keys()].map(close));
    },
  };
}

interface Leases {
  /** In order of last use: the first idle one is the oldest. */
  readonly entries: Map<string, Entry>;
  readonly lost: Set<string>;
  readonly lease: (guest: SandboxSession, warnings?: readonly Diagnostic[]) => GuestLease;
  readonly close: (handle: string) => Promise<void>;
}

function createLeases(guestIdleMs: number): Leases {
  const entries = new Map<string, Entry>();
  const lost = new Set<string>();

  const close = async (handle: string): Promise<void> => {
    const entry = entries.get(handle);
    clearTimeout(entry?.idleTimer);
    entries.delete(handle);
    await entry?.guest[Symbol.asyncDispose]();
  };
  const release = (entry: Entry): void => {
    const { id, state } = entry.guest;
    entry.users -= 1;
    if (entry.users > 0 || entries.get(id) !== entry) return;
    if (state === "lost") {
      remember(lost, id);
      void close(id);
    } else entry.idleTimer = setTimeout(() => void close(id), guestIdleMs).unref();
  };
  return {
    entries,
    lost,
    close,
    lease(guest, warnings = []) {
      const entry = entries.get(guest.id) ?? { guest, users: 0, idleTimer: undefined };
      clearTimeout(entry.idleTimer);
      entries.delete(guest.id);
      entries.set(guest.id, entry);
      entry.users += 1;
      return { guest, warnings, [Symbol.dispose]: () => release(entry) };
    },
  };
}

const RESTARTED: Diagnostic = {
  code: "SESSION_RESTARTED",
  message: "The earlier session ended and its variables are gone; this program began in a new one.",
};

// Enough to tell a lost handle from a mistyped one for as long as an agent may ask.
const REMEMBERED = 1_000;

function remember(handles: Set<string>, handle: string): void {
  handles.add(handle);
  const [oldest] = handles;
  if (handles.size > REMEMBERED && oldest !== undefined) handles.delete(oldest);
}

function makeRoom(
  entries: ReadonlyMap<string, Entry>,
  maxGuests: number,
  close: (handle: string) => Promise<void>,
): void {
  if (entries.size < maxGuests) return;
  const idle = [...entries].find(([, entry]) => entry.users === 0);
  if (!idle) {
    throw new CodemodeError(
      "SESSION_LIMIT",
      `All ${maxGuests} sessions are running a program. Wait for one, close one, or raise maxGuests.`,
      { retryable: true },
    );
  }
  void close(idle[0]);
}

/** 128 bits that nobody can guess: the handle is what lets a caller go on. */
function mintHandle(): string {
  return `session_${randomBytes(16).toString("base64url")}`;
}

function unknownError(handle: string): CodemodeError {
  const shown = JSON.stringify(handle.slice(0, 100));
  const message = `There is no session ${shown}: it was closed, has expired, or never was. Run without a session to start a new one.`;
  return new CodemodeError("SESSION_NOT_FOUND", message);
}

function lostError(handle: string): CodemodeError {
  const message = `Session "${handle}" ended when an earlier program was stopped by force; its variables are gone. Run without a session to start a new one.`;
  return new CodemodeError("SESSION_LOST", message);
}
