import { CodemodeError, isCodemodeError } from "@codemode/core";

/** The error code of the operating system, `ENOENT` for example. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What `promise` gives, `undefined` where it fails with one of the system's `codes`. */
export async function unless<T>(
  codes: readonly string[],
  promise: Promise<T>,
): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (codes.includes(systemCodeOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** Failures of the file system as errors of ours; they name no path of the host. */
export async function asStorageErrors<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const code = systemCodeOf(error);
    if (isCodemodeError(error) || code === undefined || !/^E[A-Z0-9]+$/u.test(code)) throw error;
    throw new CodemodeError(
      "STORAGE_UNAVAILABLE",
      `The folder of the storage cannot be used (${code}). Check that it is there, has room and may be written.`,
      { cause: error, details: { code }, retryable: true },
    );
  }
}
