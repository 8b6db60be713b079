import type { Diagnostic } from "@codemode/core";
import type { SandboxSession } from "@codemode/sandbox";

/** A guest in use, until it is given back. */
export interface GuestLease extends Disposable {
  readonly guest: SandboxSession;
  readonly warnings: readonly Diagnostic[];
}

/** The live guests by handle, and why others are gone. */
export interface GuestLeases {
  readonly size: number;
  find(handle: string): SandboxSession | undefined;
  /** Why a guest is no more, to go on after "because"; `undefined` where that is not known. */
  whyGone(handle: string): string | undefined;
  lease(guest: SandboxSession, warnings?: readonly Diagnostic[]): GuestLease;
  /** Closes the guest idle for longest; `false` where all are in use. */
  evict(): boolean;
  /** A guest died of itself. */
  lose(handle: string, why: string): void;
  close(handle: string): Promise<void>;
  closeAll(): Promise<void>;
}

/** What is told, and when a guest is idle for too long. */
export interface GuestLeaseOptions {
  readonly guestIdleMs: number;
  /** A guest is idle or gone. */
  readonly onRoom: () => void;
  readonly onGone: (handle: string, why: string) => void;
}

interface Entry {
  readonly guest: SandboxSession;
  users: number;
  idleSince: number;
}

/** Keeps guests until they are closed or have been idle for too long. No timer is started for an execution. */
export function createGuestLeases(options: GuestLeaseOptions): GuestLeases {
  const { guestIdleMs, onRoom, onGone } = options;
  // In order of last use: the first idle one is the oldest.
  const entries = new Map<string, Entry>();
  const gone = new Map<string, string>();
  let latest: Entry | undefined;
  let sweeper: NodeJS.Timeout | undefined;

  const close = async (handle: string): Promise<void> => {
    const entry = entries.get(handle);
    entries.delete(handle);
    await entry?.guest[Symbol.asyncDispose]();
  };
  const lose = (handle: string, why: string): void => {
    if (gone.has(handle)) return;
    remember(gone, handle, why);
    onGone(handle, why);
    if (entries.get(handle)?.users === 0) void close(handle);
    onRoom();
  };
  const sweep = (): void => {
    const now = performance.now();
    for (const [handle, { users, idleSince }] of entries)
      if (users === 0 && now - idleSince >= guestIdleMs) lose(handle, unused(guestIdleMs));
    if (entries.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  };
  const release = (entry: Entry): void => {
    const { id, state } = entry.guest;
    if (--entry.users > 0 || entries.get(id) !== entry) return;
    entry.idleSince = performance.now();
    sweeper ??= setInterval(sweep, sweepMs(guestIdleMs)).unref();
    if (state === "lost") void close(id);
    onRoom();
  };
  return {
    get size() {
      return entries.size;
    },
    find: (handle) => entries.get(handle)?.guest,
    whyGone: (handle) => gone.get(handle),
    lease(guest, warnings = []) {
      const entry = entries.get(guest.id) ?? { guest, users: 0, idleSince: 0 };
      if (entry !== latest) entries.delete(guest.id);
      entries.set(guest.id, (latest = entry));
      entry.users += 1;
      return { guest, warnings, [Symbol.dispose]: () => release(entry) };
    },
    evict() {
      const idle = entries.entries().find(([, { users }]) => users === 0);
      if (idle) lose(idle[0], "it was idle and made room for another one");
      return idle !== undefined;
    },
    lose,
    close,
    async closeAll() {
      clearInterval(sweeper);
      await Promise.allSettled([...entries.keys()].map(close));
    },
  };
}

// Enough to tell a lost handle from a mistyped one for as long as an agent may ask.
const REMEMBERED = 1_000;

function remember(gone: Map<string, string>, handle: string, why: string): void {
  gone.set(handle, why);
  const [oldest] = gone.keys();
  if (gone.size > REMEMBERED && oldest !== undefined) gone.delete(oldest);
}

/** Often enough that none is kept much longer than it should be. */
function sweepMs(guestIdleMs: number): number {
  return Math.min(Math.max(guestIdleMs / 4, 10), 60_000);
}

function unused(ms: number): string {
  return `it was not used for ${ms < 1_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`}`;
}
