import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createProcessToken, isAbandoned } from "./process-token.ts";
import { systemCodeOf, unless } from "./system-code.ts";

/** Where a lock is and how long to wait for it. */
export interface ProcessLockOptions {
  /** The folder of the locks, for them alone. It has to be there. */
  readonly folder: string;
  /** A file name without ".". */
  readonly name: string;
  /** Ends the wait, not what has begun. */
  readonly signal?: AbortSignal;
  /** How long to wait; then `timeoutError` is thrown. Default without end. */
  readonly timeoutMs?: number;
  readonly timeoutError?: () => Error;
  /** The most between two attempts. Default 9. */
  readonly pollMs?: number;
  /** After how long the lock of a process that cannot be asked after is none. Default 10 000. */
  readonly abandonedAfterMs?: number;
}

/** What a rename onto a folder with something in it fails with, on one system or another. */
const TAKEN = ["ENOTEMPTY", "EEXIST", "EPERM", "EACCES", "EBUSY"];

/**
 * Runs `body` while no other process of this machine runs one under the same name.
 *
 * A lock is a folder that holds one file, named by its owner's token. Both come into being at once,
 * by renaming a folder prepared elsewhere: a rename replaces an empty folder or none, never one with
 * something in it. Who finds a dead owner removes that owner's file, whose name never comes again,
 * so that two who do so at the same time cannot take away a living owner's lock.
 */
export async function withProcessLock<T>(
  options: ProcessLockOptions,
  body: () => Promise<T>,
): Promise<T> {
  const token = createProcessToken();
  const lock = join(options.folder, options.name);
  await acquire(lock, token, options);
  try {
    return await body();
  } finally {
    await unlink(join(lock, token));
    await removeEmpty(lock);
  }
}

async function acquire(lock: string, token: string, options: ProcessLockOptions): Promise<void> {
  const { timeoutMs = Infinity, pollMs = 9, signal } = options;
  // No lock has a "." in its name.
  const staged = join(options.folder, token);
  await stage(staged, token);
  const deadline = performance.now() + timeoutMs;
  try {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after another
    while (!(await tryRename(staged, lock))) {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after another
      const held = await isHeld(lock, options.abandonedAfterMs);
      if (performance.now() > deadline) throw timeoutError(options);
      const waitMs = held ? 1 + Math.random() * (pollMs - 1) : 1;
      // oxlint-disable-next-line no-await-in-loop -- one attempt after another
      await sleep(waitMs, undefined, signal ? { signal } : {});
    }
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
}

function timeoutError({ name, timeoutError: create }: ProcessLockOptions): Error {
  return create?.() ?? new Error(`The lock ${JSON.stringify(name)} has been held for too long.`);
}

async function stage(staged: string, token: string): Promise<void> {
  await mkdir(staged, { mode: 0o700 });
  try {
    await writeFile(join(staged, token), "", { mode: 0o600 });
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
}

async function tryRename(staged: string, lock: string): Promise<boolean> {
  try {
    await rename(staged, lock);
    return true;
  } catch (error) {
    if (TAKEN.includes(systemCodeOf(error) ?? "")) return false;
    throw error;
  }
}

/** Whether a living owner holds it. */
async function isHeld(lock: string, abandonedAfterMs?: number): Promise<boolean> {
  const owners = (await unless(["ENOENT"], readdir(lock))) ?? [];
  for (const owner of owners) {
    const path = join(lock, owner);
    // oxlint-disable-next-line no-await-in-loop -- there is one, or none
    if (!(await isAbandoned(path, abandonedAfterMs))) return true;
    // oxlint-disable-next-line no-await-in-loop -- there is one, or none
    await unless(["ENOENT"], unlink(path));
  }
  // Windows renames onto no folder, not even onto an empty one.
  await removeEmpty(lock);
  return false;
}

async function removeEmpty(lock: string): Promise<void> {
  await unless(["ENOENT", ...TAKEN], rmdir(lock));
}
