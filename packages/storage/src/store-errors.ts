import { CodemodeError } from "@codemode/core";

/** Somebody else was there first. */
export function conflictError(key: string): CodemodeError {
  return new CodemodeError(
    "STORAGE_CONFLICT",
    `The value of ${JSON.stringify(key)} is another one than expected. Read it again and repeat the change.`,
  );
}

/** What is stored is none of ours. */
export function corruptError(key: string, cause?: unknown): CodemodeError {
  return new CodemodeError(
    "STORAGE_CORRUPT",
    `The value of ${JSON.stringify(key)} is damaged. Delete it, or put back an older copy.`,
    cause === undefined ? {} : { cause },
  );
}

/** The storage has ended. */
export function disposedError(): CodemodeError {
  return new CodemodeError("STORAGE_DISPOSED", "The storage was closed. Open a new one.");
}
