import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { makeFolder as makeFolders, systemCodeOf } from "@codemode/core/node";

/** Makes the names in a folder outlast the machine. Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder and those above it, so that they outlast the machine. */
export async function makeFolder(path: string): Promise<void> {
  const first = await makeFolders(path, { mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    // oxlint-disable-next-line no-await-in-loop -- a few, once
    await syncFolder(dirname(made));
  }
}

const WINDOWS_ATTEMPTS = 50;

/** Puts a file in the place of another, whole. */
export async function replaceFile(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after another
      return await rename(from, to);
    } catch (error) {
      // On Windows a virus scanner or an indexer may have the file open for a moment.
      const busy = ["EPERM", "EACCES", "EBUSY"].includes(systemCodeOf(error) ?? "");
      if (process.platform !== "win32" || !busy || attempt === WINDOWS_ATTEMPTS) throw error;
    }
    // oxlint-disable-next-line no-await-in-loop -- one attempt after another
    await sleep(20);
  }
}

/** Shares one sync of a folder among all who ask while another one runs. */
export function createFolderSync(path: string): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  return () => {
    // One that runs already may have begun before the change of the caller.
    next ??= (async () => {
      await running?.catch(() => {});
      running = next;
      next = undefined;
      await syncFolder(path);
    })();
    return next;
  };
}
