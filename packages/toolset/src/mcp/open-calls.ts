import { CodemodeError } from "@codemode/core";

/** The calls that a server is answering. */
export interface OpenCalls {
  /** Runs one. Rejects with `SANDBOX_DISPOSED` when no more are taken. */
  run<T>(signal: AbortSignal, answer: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Takes no more, cancels after the grace those that still run, and settles when all have ended. */
  drain(graceMs: number): Promise<void>;
}

// What a cancelled call gets to come to its end; a program that does not react is killed long before.
const CANCEL_MS = 2_500;

/** Counts calls from here on. */
export function createOpenCalls(): OpenCalls {
  const open = new Set<AbortController>();
  let onEmpty: (() => void) | undefined;
  let draining: Promise<void> | undefined;

  const drain = async (graceMs: number): Promise<void> => {
    const { promise: empty, resolve } = Promise.withResolvers<void>();
    onEmpty = resolve;
    if (open.size === 0) return;
    const grace = setTimeout(() => {
      for (const call of open) call.abort(stopping());
    }, graceMs);
    const last = setTimeout(resolve, graceMs + CANCEL_MS);
    await empty;
    clearTimeout(grace);
    clearTimeout(last);
  };
  return {
    async run(signal, answer) {
      if (draining) throw stopped();
      const call = new AbortController();
      const cancel = (): void => call.abort(signal.reason);
      if (signal.aborted) cancel();
      signal.addEventListener("abort", cancel, { once: true });
      open.add(call);
      try {
        return await answer(call.signal);
      } finally {
        signal.removeEventListener("abort", cancel);
        open.delete(call);
        if (open.size === 0) onEmpty?.();
      }
    },
    drain: (graceMs) => (draining ??= drain(graceMs)),
  };
}

function stopping(): CodemodeError {
  const message = "The server is shutting down, so the program was cancelled. Run it again later.";
  return new CodemodeError("CANCELLED", message, { retryable: true });
}

function stopped(): CodemodeError {
  const message = "The server is shutting down and takes no more calls. Try again when it is back.";
  return new CodemodeError("SANDBOX_DISPOSED", message, { retryable: true });
}
