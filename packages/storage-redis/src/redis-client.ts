import type { RedisOptions } from "ioredis";
import { Redis } from "ioredis";

import { withDeadline } from "./deadline.ts";

/** How servers are spoken to. */
export interface RedisSettings {
  /** Urls of one server, or of some of a cluster. */
  readonly urls: readonly [string, ...string[]];
  /** Whether they are of a cluster for sure; one that is not said to be may turn out to be. */
  readonly isCluster: boolean;
  /** For one answer, reconnecting included. */
  readonly timeoutMs: number;
  readonly tls: RedisOptions["tls"];
}

/** One socket to one server, made when it is first needed and again when it is lost. */
export interface RedisClient {
  readonly redis: Redis;
  readonly url: string;
  /** Settles when it can be used. */
  ready(): Promise<void>;
  /** Settles with the next end of a socket, also of one that came to nothing. */
  closed(): Promise<void>;
  /** Why it cannot be used, where that is known. */
  readonly lastError: unknown;
  end(): Promise<void>;
}

const MAX_RETRY_DELAY_MS = 500;

/**
 * Nothing waits in a queue of the driver: a command that was given up must not be carried out later,
 * over what others have written meanwhile. `moveOn` names where to try after a socket was lost.
 */
export function createRedisClient(
  { timeoutMs, tls }: RedisSettings,
  url: string,
  moveOn?: () => string,
): RedisClient {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    // A connection that is silent though asked is a dead one.
    socketTimeout: timeoutMs * 2,
    retryStrategy: (times) => {
      if (moveOn !== undefined) Object.assign(redis.options, toHostAndPort(moveOn()));
      return Math.min(20 * 2 ** Math.min(times, 10), MAX_RETRY_DELAY_MS);
    },
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
  const becomingReady = createNextEvent(redis, "ready");
  const closing = createNextEvent(redis, "close");
  return {
    redis,
    url,
    async ready() {
      if (redis.status === "ready") return;
      // What becomes of the first attempt is told by events, as with those after it.
      if (redis.status === "wait" || redis.status === "end") redis.connect().catch(() => {});
      await becomingReady();
    },
    closed: closing,
    get lastError() {
      return lastError;
    },
    async end() {
      if (redis.status === "ready") {
        // Where it does not answer, it is cut off.
        await withDeadline(timeoutMs, () => redis.quit()).catch(() => {});
      }
      redis.disconnect();
    },
  };
}

/** One listener for all who wait for the same event. */
function createNextEvent(redis: Redis, event: "ready" | "close"): () => Promise<void> {
  let waiting: Promise<void> | undefined;
  return async () => {
    waiting ??= new Promise((resolve) => {
      redis.once(event, () => {
        waiting = undefined;
        resolve();
      });
    });
    await waiting;
  };
}

function toHostAndPort(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/gu, ""), port: port === "" ? 6379 : Number(port) };
}
