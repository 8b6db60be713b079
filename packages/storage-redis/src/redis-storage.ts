import type { ConnectionOptions } from "node:tls";

import { CodemodeError } from "@codemode/core";
import type { Storage, StoreLimits } from "@codemode/storage";
import { createStorageOfStores } from "@codemode/storage/driver";

import { createRedisConnection } from "./redis-connection.ts";
import { createRedisKeys } from "./redis-keys.ts";
import type { RedisListener } from "./redis-listener.ts";
import { createRedisListener } from "./redis-listener.ts";
import { createRedisNodes } from "./redis-nodes.ts";
import { createRedisStore } from "./redis-store.ts";

/** Where Redis is and how it is used. */
export interface RedisStorageOptions extends Partial<StoreLimits> {
  /**
   * `redis://user:password@host:port/database`, or `rediss://` for TLS. It is never shown. Needed,
   * unless there are `nodes`.
   */
  readonly url?: string;
  /**
   * Urls of some servers of a Redis Cluster, in place of `url`. They name the others; who logs in is
   * the same for all.
   */
  readonly nodes?: readonly string[];
  /** What all keys begin with: 1 to 64 characters without spaces and braces. Default `codemode`. */
  readonly prefix?: string;
  /** Certificates and the like, for `rediss://`. Default: what Node trusts. */
  readonly tls?: ConnectionOptions;
  /** Milliseconds for one answer, reconnecting and redirections included. Default 1500. */
  readonly timeoutMs?: number;
}

/** Keeps values in Redis. Nothing is connected before the first use; a lost connection is made anew. */
export function createRedisStorage(options: RedisStorageOptions): Storage {
  const { prefix = "codemode", timeoutMs = 1500 } = options;
  const urls = toUrls(options);
  if (!/^[^{}\s]{1,64}$/u.test(prefix)) {
    throw invalid("The prefix of a Redis storage is 1 to 64 characters without spaces and braces.");
  }
  const tls = urls[0].startsWith("rediss:") ? (options.tls ?? {}) : undefined;
  const settings = { urls, isCluster: options.nodes !== undefined, timeoutMs, tls };
  const nodes = createRedisNodes(settings);
  /** A connection that listens can do nothing else. */
  let listening: RedisListener | undefined;
  const listener = (): RedisListener => (listening ??= createRedisListener(settings, nodes));
  return createStorageOfStores({
    limits: options,
    createStore: (namespace) =>
      createRedisStore({
        keys: createRedisKeys(prefix, namespace),
        connection: createRedisConnection(nodes, timeoutMs),
        listener,
      }),
    async end() {
      await Promise.all([nodes.end(), listening?.end()]);
    },
  });
}

function toUrls({ url, nodes = [] }: RedisStorageOptions): readonly [string, ...string[]] {
  const [first = url, ...others] = nodes;
  if (first === undefined || (url !== undefined && nodes.length > 0)) {
    throw invalid(
      "A Redis storage needs its `url`, or the `nodes` of a cluster: one of them, not both.",
    );
  }
  if (nodes.length > 0) checkNodes(nodes);
  return [checkUrl(first), ...others.map(checkUrl)];
}

/** Without saying what it is: there may be a password in it. */
function checkUrl(text: string): string {
  if (URL.canParse(text) && /^rediss?:$/u.test(new URL(text).protocol)) return text;
  throw invalid(
    'The url of a Redis storage begins with "redis://" or "rediss://", as in "redis://localhost:6379".',
  );
}

function checkNodes(nodes: readonly string[]): void {
  const urls = nodes.map((node) => new URL(checkUrl(node)));
  if (new Set(urls.map(({ protocol }) => protocol)).size > 1) {
    throw invalid('The nodes of a Redis Cluster are all "redis://" or all "rediss://".');
  }
  if (urls.some(({ pathname }) => !/^\/?0?$/u.test(pathname))) {
    throw invalid(
      "A Redis Cluster has no databases but 0. Leave the number away, or use a prefix.",
    );
  }
}

function invalid(message: string): CodemodeError {
  return new CodemodeError("CONFIG_INVALID", message);
}
