import { CodemodeError } from "@codemode/core";
import type { SandboxSession } from "@codemode/sandbox";

import type { GuestOptions } from "../guests.ts";
import { createRoom } from "../room.ts";
import { MAX_DEPTH } from "./skill-chain.ts";

/** The guests of one session in which skills run, beside those of programs. */
export interface ForkGuests extends AsyncDisposable {
  /** Rejects with `SESSION_LIMIT`, `CANCELLED` or why the sandbox cannot start. */
  open(signal: AbortSignal): Promise<SandboxSession>;
  close(guest: SandboxSession): Promise<void>;
}

/**
 * Opens guests for skills. They do not take the room of programs, which wait for them; as many as
 * skills can stand behind each other are always possible.
 */
export function createForkGuests({
  sandbox,
  catalog,
  memoryMb,
  maxGuests,
  acquireTimeoutMs,
}: Omit<GuestOptions, "guestIdleMs" | "onLost">): ForkGuests {
  const max = Math.max(maxGuests, MAX_DEPTH);
  const room = createRoom(max, acquireTimeoutMs);
  const open = new Set<SandboxSession>();
  const places = { taken: 0, max };
  let closed = false;
  const giveBack = (): void => {
    places.taken -= 1;
    room.offer();
  };
  const close = async (guest: SandboxSession): Promise<void> => {
    if (!open.delete(guest)) return;
    giveBack();
    await guest[Symbol.asyncDispose]();
  };
  return {
    async open(signal) {
      // oxlint-disable-next-line no-await-in-loop -- another one may have taken the room meanwhile
      while (places.taken >= places.max) await room.wait(signal);
      places.taken += 1;
      const memory = memoryMb === undefined ? {} : { memoryMb };
      try {
        const guest = await sandbox.openSession({ catalog: catalog(), ...memory });
        open.add(guest);
        if (!closed && !signal.aborted) return guest;
        await close(guest);
      } catch (error) {
        giveBack();
        throw error;
      }
      throw new CodemodeError("CANCELLED", "The skill was cancelled: its program has ended.");
    },
    close,
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.allSettled([...open].map(close));
    },
  };
}
