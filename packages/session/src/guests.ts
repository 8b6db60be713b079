import { randomUUID } from "node:crypto";

import type { Diagnostic } from "@codemode/core";
import { CodemodeError } from "@codemode/core";
import type { GuestCatalog, Sandbox, SandboxSession } from "@codemode/sandbox";

import type { GuestLease } from "./guest-leases.ts";
import { createGuestLeases } from "./guest-leases.ts";
import { createRoom } from "./room.ts";

/** How guests are kept. */
export interface GuestOptions {
  readonly sandbox: Sandbox;
  /** What a new guest's first program can call. */
  readonly catalog: () => GuestCatalog;
  readonly memoryMb?: number;
  readonly maxGuests: number;
  /** What is waited for room where all guests run a program. */
  readonly acquireTimeoutMs: number;
  readonly guestIdleMs: number;
  /** Told of each guest that is gone without having been closed. */
  readonly onLost: (handle: string, why: string) => void;
}

/** The live guests of one session, by handle. */
export interface Guests extends AsyncDisposable {
  /** A new guest. Rejects with `SESSION_LIMIT`, `CANCELLED` or why the sandbox cannot start. */
  open(signal?: AbortSignal): Promise<GuestLease>;
  /** The one guest for executions without a handle; a lost one is replaced, with a warning. */
  shared(signal?: AbortSignal): Promise<GuestLease>;
  /** The guest of an earlier execution. Throws `SESSION_NOT_FOUND` or `SESSION_LOST`. */
  resume(handle: string): GuestLease;
  close(handle: string): Promise<void>;
}

/** Opens, keeps and closes guests. The one idle for longest makes room for a new one. */
export function createGuests(options: GuestOptions): Guests {
  const { sandbox, catalog, memoryMb, maxGuests, onLost } = options;
  const room = createRoom(maxGuests, options.acquireTimeoutMs);
  const leases = createGuestLeases({
    guestIdleMs: options.guestIdleMs,
    onRoom: () => room.offer(),
    onGone: onLost,
  });
  let starting = 0;
  let sharedGuest: Promise<SandboxSession> | undefined;

  const start = async (signal?: AbortSignal): Promise<SandboxSession> => {
    while (leases.size + starting >= maxGuests && !leases.evict()) {
      // oxlint-disable-next-line no-await-in-loop -- another one may have taken the room meanwhile
      await room.wait(signal);
    }
    starting += 1;
    try {
      const id = mintHandle();
      const onGuestLost = (why: string): void => leases.lose(id, why);
      const memory = memoryMb === undefined ? {} : { memoryMb };
      return await sandbox.openSession({
        id,
        catalog: catalog(),
        onLost: onGuestLost,
        ...memory,
      });
    } finally {
      starting -= 1;
      room.offer();
    }
  };

  return {
    open: async (signal) => leases.lease(await start(signal)),
    async shared(signal) {
      const asked = sharedGuest;
      const before = await asked?.catch(() => undefined);
      const usable = before?.state === "ready" || before?.state === "running";
      // Of several executions that find it gone, the first starts the new one.
      if (!usable && sharedGuest === asked) sharedGuest = start(signal);
      const guest = await sharedGuest;
      if (!guest) throw new CodemodeError("INTERNAL", "The shared guest did not open.");
      return leases.lease(guest, before && !usable ? [restarted(leases.whyGone(before.id))] : []);
    },
    resume(handle) {
      const guest = leases.find(handle);
      if (guest && guest.state !== "lost") return leases.lease(guest);
      const why = leases.whyGone(handle) ?? (guest && "an earlier program was stopped by force");
      throw why === undefined ? unknownError(handle) : lostError(handle, why);
    },
    close: (handle) => leases.close(handle),
    async [Symbol.asyncDispose]() {
      await leases.closeAll();
    },
  };
}

function restarted(why = "it ended"): Diagnostic {
  const message = `The earlier session is gone with its variables, because ${why}; this program began in a new one.`;
  return { code: "SESSION_RESTARTED", message };
}

/** 122 bits that nobody can guess: the handle is what lets a caller go on. */
function mintHandle(): string {
  return `session_${randomUUID()}`;
}

function unknownError(handle: string): CodemodeError {
  const shown = JSON.stringify(handle.slice(0, 100));
  const message = `There is no session ${shown}: it was closed, has expired, or never was. Run without a session to start a new one.`;
  return new CodemodeError("SESSION_NOT_FOUND", message);
}

function lostError(handle: string, why: string): CodemodeError {
  const message = `Session "${handle}" is gone with its variables, because ${why}. Run without a session to start a new one.`;
  return new CodemodeError("SESSION_LOST", message);
}
