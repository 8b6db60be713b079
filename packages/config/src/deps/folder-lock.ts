import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const FILE = ".codemode-deps.lock";
const RETRY_MS = 100;

/** Runs one at a time in a folder, whichever process asks. A lock of a dead process is none. */
export async function withFolderLock<Result>(
  folder: string,
  signal: AbortSignal,
  run: () => Promise<Result>,
): Promise<Result> {
  const file = join(folder, FILE);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- until it is free
    if (await tryLock(file)) break;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await breakIfDead(file);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await sleep(RETRY_MS, undefined, { signal });
  }
  try {
    return await run();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    await using handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function breakIfDead(file: string): Promise<void> {
  const pid = Number(await readFile(file, "utf8").catch(() => ""));
  // Empty for a moment, while its owner writes.
  if (!Number.isSafeInteger(pid) || pid <= 0 || isAlive(pid)) return;
  await rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
