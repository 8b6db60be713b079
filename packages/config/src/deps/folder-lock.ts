import { join } from "node:path";

import { makeFolder, sweepFolder, withProcessLock } from "@codemode/core/node";

/** Whose folder is locked, and for how long at the most. */
export interface FolderLockOptions {
  readonly folder: string;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** What runs has ended by then. */
  readonly timeoutMs: number;
}

/** Runs one at a time in a folder, whichever process asks. A lock of a dead process is none. */
export async function withFolderLock<Result>(
  { folder, signal, timeoutMs }: FolderLockOptions,
  run: () => Promise<Result>,
): Promise<Result> {
  const locks = join(folder, ".codemode-deps");
  await makeFolder(locks);
  // A process in another container, that cannot be asked after, may use the same folder.
  const options = {
    folder: locks,
    name: "lock",
    signal,
    pollMs: 100,
    abandonedAfterMs: 2 * timeoutMs,
  };
  return withProcessLock(options, async () => {
    await sweepFolder(locks);
    return run();
  });
}
