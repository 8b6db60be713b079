import type { Redis } from "ioredis";

import { TIMEOUT, withDeadline } from "./deadline.ts";
import type { RedisSettings } from "./redis-client.ts";
import { createRedisClient } from "./redis-client.ts";
import { reasonOf, unavailableError } from "./redis-errors.ts";
import type { RedisNodes } from "./redis-nodes.ts";

/** A connection that listens, and can do nothing else. Any server of a cluster tells of all changes. */
export interface RedisListener {
  /** Rejects with `STORAGE_UNAVAILABLE` when the time is up. */
  run<T>(command: (redis: Redis) => Promise<T>): Promise<T>;
  /** Called whenever the connection is there, for as long as it lives. */
  onReady(listener: () => void): void;
  end(): Promise<void>;
}

/** In the times that an answer may take. */
const ASK_EVERY = 4;

/** A server that is lost is followed by another one, in turns. */
export function createRedisListener(settings: RedisSettings, nodes: RedisNodes): RedisListener {
  let url = nodes.first;
  const client = createRedisClient(settings, url, () => {
    url = nodes.after(url);
    return url;
  });
  // Who only listens would never notice a server that is gone without a word.
  const asking = setInterval(() => {
    if (client.redis.status === "ready") client.redis.ping().catch(() => {});
  }, settings.timeoutMs * ASK_EVERY).unref();
  return {
    async run(command) {
      try {
        return await withDeadline(settings.timeoutMs, async (signal) => {
          await client.ready();
          signal.throwIfAborted();
          return await command(client.redis);
        });
      } catch (error) {
        const cause = error === TIMEOUT ? client.lastError : error;
        throw unavailableError(cause === undefined ? "no answer" : reasonOf(cause), cause);
      }
    },
    onReady: (listener) => void client.redis.on("ready", listener),
    async end() {
      clearInterval(asking);
      await client.end();
    },
  };
}
