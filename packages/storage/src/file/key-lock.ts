import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { CodemodeError } from "@codemode/core";

import { systemCodeOf, unless } from "./file-errors.ts";
import { createProcessToken, isAbandoned } from "./process-token.ts";

/** Where a lock is and how long to wait for it. */
export interface KeyLockOptions {
  /** The folder of the locks. */
  readonly folder: string;
  readonly name: string;
  readonly timeoutMs: number;
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
export async function withKeyLock<T>(options: KeyLockOptions, body: () => Promise<T>): Promise<T> {
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

async function acquire(lock: string, token: string, options: KeyLockOptions): Promise<void> {
  // No lock has a "." in its name.
  const staged = join(options.folder, token);
  await mkdir(staged, { mode: 0o700 });
  try {
    await writeFile(join(staged, token), "", { mode: 0o600 });
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
  const deadline = performance.now() + options.timeoutMs;
  // oxlint-disable-next-line no-await-in-loop -- one attempt after another
  while (!(await tryRename(staged, lock))) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after another
    const held = await isHeld(lock);
    if (performance.now() > deadline) {
      // oxlint-disable-next-line no-await-in-loop -- the end of the loop
      await discard(staged, token);
      throw unavailable();
    }
    // oxlint-disable-next-line no-await-in-loop -- one attempt after another
    await sleep(held ? 1 + Math.random() * 8 : 1);
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
async function isHeld(lock: string): Promise<boolean> {
  const owners = (await unless(["ENOENT"], readdir(lock))) ?? [];
  for (const owner of owners) {
    // oxlint-disable-next-line no-await-in-loop -- there is one, or none
    if (!(await isAbandoned(join(lock, owner)))) return true;
    // oxlint-disable-next-line no-await-in-loop -- there is one, or none
    await unless(["ENOENT"], unlink(join(lock, owner)));
  }
  // Windows renames onto no folder, not even onto an empty one.
  await removeEmpty(lock);
  return false;
}

async function removeEmpty(lock: string): Promise<void> {
  await unless(["ENOENT", ...TAKEN], rmdir(lock));
}

async function discard(staged: string, token: string): Promise<void> {
  await unlink(join(staged, token));
  await rmdir(staged);
}

function unavailable(): CodemodeError {
  return new CodemodeError(
    "STORAGE_UNAVAILABLE",
    "Other processes have been writing the same value for too long. Try again.",
    { retryable: true },
  );
}
