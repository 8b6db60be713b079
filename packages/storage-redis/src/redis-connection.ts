import type { RedisOptions } from "ioredis";
import { Redis } from "ioredis";

import { reasonOf, unavailableError } from "./redis-errors.ts";

/** One connection, made when it is first needed and again when it is lost. */
export interface RedisConnection {
  /** Sends a command, or several. Rejects with `STORAGE_UNAVAILABLE` when the time is up. */
  run<T>(command: (redis: Redis) => Promise<T>): Promise<T>;
  /** Called whenever the connection is there, for as long as it lives. */
  onReady(listener: () => void): void;
  end(): Promise<void>;
}

/** Where Redis is, and how long it may take. */
export interface RedisConnectionOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly tls: RedisOptions["tls"];
}

const MAX_RETRY_DELAY_MS = 500;

/**
 * Nothing waits in a queue of the driver: a command that was given up must not be carried out later,
 * over what others have written meanwhile.
 */
export function createRedisConnection({
  url,
  timeoutMs,
  tls,
}: RedisConnectionOptions): RedisConnection {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    // A connection that is silent though asked is a dead one.
    socketTimeout: timeoutMs * 2,
    retryStrategy: (times) => Math.min(20 * 2 ** Math.min(times, 10), MAX_RETRY_DELAY_MS),
    // A server that has become a replica: its address may lead to the new master.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
    ...(tls === undefined ? {} : { tls }),
  });
  // Every namespace may listen.
  redis.setMaxListeners(0);
  let lastError: unknown;
  redis.on("error", (error: unknown) => {
    lastError = error;
  });
  redis.on("ready", () => {
    lastError = undefined;
  });
  let becomingReady: Promise<void> | undefined;
  const ready = async (): Promise<void> => {
    if (redis.status === "ready") return;
    // What becomes of the first attempt is told by events, as with those after it.
    if (redis.status === "wait" || redis.status === "end") redis.connect().catch(() => {});
    becomingReady ??= new Promise((resolve) => {
      redis.once("ready", () => {
        becomingReady = undefined;
        resolve();
      });
    });
    await becomingReady;
  };
  return {
    async run(command) {
      try {
        return await withDeadline(timeoutMs, async (signal) => {
          await ready();
          // Given up meanwhile: nobody waits for the answer.
          signal.throwIfAborted();
          return await command(redis);
        });
      } catch (error) {
        const cause = error === TIMEOUT ? lastError : error;
        throw unavailableError(cause === undefined ? "no answer" : reasonOf(cause), cause);
      }
    },
    onReady: (listener) => void redis.on("ready", listener),
    async end() {
      if (redis.status === "ready") {
        // Where it does not answer, it is cut off.
        await withDeadline(timeoutMs, () => redis.quit()).catch(() => {});
      }
      redis.disconnect();
    },
  };
}

const TIMEOUT: unique symbol = Symbol("timeout");

async function withDeadline<T>(
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
