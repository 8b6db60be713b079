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
