/** What an answer of the daemon may take, where nothing else is said. */
const DAEMON_TIMEOUT_MS = 20_000;

/** Thrown where the daemon gives no answer. */
export class DaemonTimeoutError extends Error {
  override readonly name = "DaemonTimeoutError";
}

/**
 * Gives up after a time: the request is aborted, and the wait ends even where the client never
 * settles it. The signal is silent once there is an answer, so a stream that was opened lives on.
 */
export async function withDeadline<Answer>(
  what: string,
  ask: (signal: AbortSignal) => Promise<Answer>,
  timeoutMs: number = DAEMON_TIMEOUT_MS,
): Promise<Answer> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new DaemonTimeoutError(`${what}: no answer within ${timeoutMs} ms`));
    controller.abort();
  }, timeoutMs);
  try {
    return await Promise.race([ask(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
