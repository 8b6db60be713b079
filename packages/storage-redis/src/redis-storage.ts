import type { ConnectionOptions } from "node:tls";

import { CodemodeError } from "@codemode/core";
import type { Storage, StoreLimits } from "@codemode/storage";
import { createStorageOfStores } from "@codemode/storage/driver";

import type { RedisConnection } from "./redis-connection.ts";
import { createRedisConnection } from "./redis-connection.ts";
import { createRedisKeys } from "./redis-keys.ts";
import { createRedisStore } from "./redis-store.ts";

/** Where Redis is and how it is used. */
export interface RedisStorageOptions extends Partial<StoreLimits> {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. It is never shown. */
  readonly url: string;
  /** What all keys begin with: 1 to 64 characters without spaces and braces. Default `codemode`. */
  readonly prefix?: string;
  /** Certificates and the like, for `rediss://`. Default: what Node trusts. */
  readonly tls?: ConnectionOptions;
  /** Milliseconds for one answer, reconnecting included. Default 1500. */
  readonly timeoutMs?: number;
}

/** Keeps values in Redis. Nothing is connected before the first use; a lost connection is made anew. */
export function createRedisStorage(options: RedisStorageOptions): Storage {
  const { prefix = "codemode", timeoutMs = 1500 } = options;
  const url = checkUrl(options.url);
  if (!/^[^{}\s]{1,64}$/u.test(prefix)) {
    throw invalid("The prefix of a Redis storage is 1 to 64 characters without spaces and braces.");
  }
  const tls = url.startsWith("rediss:") ? (options.tls ?? {}) : undefined;
  const connect = (): RedisConnection => createRedisConnection({ url, timeoutMs, tls });
  const connection = connect();
  /** A connection that listens can do nothing else. */
  let listening: RedisConnection | undefined;
  const listener = (): RedisConnection => (listening ??= connect());
  return createStorageOfStores({
    limits: options,
    createStore: (namespace) =>
      createRedisStore({ keys: createRedisKeys(prefix, namespace), connection, listener }),
    async end() {
      await Promise.all([connection.end(), listening?.end()]);
    },
  });
}

/** Without saying what it is: there may be a password in it. */
function checkUrl(text: string): string {
  if (URL.canParse(text) && /^rediss?:$/u.test(new URL(text).protocol)) return text;
  throw invalid(
    'The url of a Redis storage begins with "redis://" or "rediss://", as in "redis://localhost:6379".',
  );
}

function invalid(message: string): CodemodeError {
  return new CodemodeError("CONFIG_INVALID", message);
}
