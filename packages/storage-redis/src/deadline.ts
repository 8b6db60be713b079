/** What a body is given up with. */
export const TIMEOUT: unique symbol = Symbol("timeout");

/** Rejects with `TIMEOUT` when the time is up. The body is told, and has to send nothing after that. */
export async function withDeadline<T>(
  timeoutMs: number,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- made an error by who knows why
      reject(TIMEOUT);
    }, timeoutMs);
  });
  try {
    return await Promise.race([body(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
