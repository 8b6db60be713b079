import { setTimeout as wait } from "node:timers/promises";

import { retryAfterSeconds } from "@codemode/core";
import pRetry from "p-retry";

import { causeNamed } from "./http-faults.ts";
import type { HttpAnswer } from "./http-sender.ts";

/** How often and for how long. */
export interface RetryOptions {
  readonly method: string;
  readonly retries: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

class BusyError extends Error {
  override readonly name = "BusyError";
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

// Sent twice, they do what they do once.
const IDEMPOTENT = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]);
const BUSY = new Set([429, 502, 503, 504]);

/** Sends again what may be, after the time that the server asks for where that still fits. */
export async function withRetries(
  send: () => Promise<HttpAnswer>,
  { method, retries, deadline, signal }: RetryOptions,
): Promise<HttpAnswer> {
  if (retries === 0 || !IDEMPOTENT.has(method)) return send();
  const attempt = async (): Promise<HttpAnswer> => {
    const answer = await send();
    if (BUSY.has(answer.status)) throw new BusyError(answer);
    return answer;
  };
  try {
    return await pRetry(attempt, {
      retries,
      signal,
      minTimeout: 100,
      maxTimeout: 5_000,
      randomize: true,
      shouldRetry: async ({ error }) => {
        if (!(error instanceof BusyError)) return isConnectionLoss(error);
        const waitMs = (retryAfterSeconds(error.answer.headers.get("retry-after")) ?? 0) * 1_000;
        if (performance.now() + waitMs >= deadline) return false;
        if (waitMs > 0) await wait(waitMs, undefined, { signal });
        return true;
      },
    });
  } catch (error) {
    if (error instanceof BusyError) return error.answer;
    throw error;
  }
}

function isConnectionLoss(error: Error): boolean {
  return error.message === "fetch failed" && !causeNamed(error, "PrivateAddressError");
}
