/**
 * Waits, and keeps the process alive meanwhile: neither a runner nor its timers do, so that a script
 * ends when it is done, but one that waits for a runner must not end before.
 */
export async function whileAlive<T>(awaited: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 60_000);
  try {
    return await awaited;
  } finally {
    clearInterval(timer);
  }
}
