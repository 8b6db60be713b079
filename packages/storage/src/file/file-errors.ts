import { CodemodeError, isCodemodeError } from "@codemode/core";
import { systemCodeOf } from "@codemode/core/node";

/** What to do about the system's codes. */
const NEXT_STEPS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "Its disk is full: delete what is not needed, or make room."],
  ["EDQUOT", "Its quota of the disk is used up: delete what is not needed, or raise it."],
  ["EROFS", "Its disk can only be read: mount it for writing, or name another folder."],
  ["EACCES", "This user may not write there: change who owns the folder, or name another one."],
  ["EPERM", "This user may not write there: change who owns the folder, or name another one."],
  ["EMFILE", "This process has too many files open: do less at once, or raise ulimit -n."],
  ["ENFILE", "The system has too many files open: try again later."],
]);
const ELSE = "Check that it is there, has room and may be written.";

/** Failures of the file system as errors of ours; they name no path of the host. */
export async function asStorageErrors<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const code = systemCodeOf(error);
    if (isCodemodeError(error) || code === undefined || !/^E[A-Z0-9]+$/u.test(code)) throw error;
    throw new CodemodeError(
      "STORAGE_UNAVAILABLE",
      `The folder of the storage cannot be used (${code}). ${NEXT_STEPS.get(code) ?? ELSE}`,
      { cause: error, details: { code }, retryable: true },
    );
  }
}
