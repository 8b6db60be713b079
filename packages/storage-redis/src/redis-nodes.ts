import { atAddress, toAddress } from "./redis-address.ts";
import type { RedisClient, RedisSettings } from "./redis-client.ts";
import { createRedisClient } from "./redis-client.ts";

/** The servers of one storage: one, or those of a cluster as far as they are known. */
export interface RedisNodes {
  /** Whether there are, or may be, others to turn to. */
  readonly isCluster: boolean;
  /** The one that was named first. */
  readonly first: string;
  at(url: string): RedisClient;
  /** The known one after this one, in turns. */
  after(url: string): string;
  /** Asks one that can be used for all others, once. */
  ask(client: RedisClient): void;
  /** Makes a server known that another one named, and asks that one for all others. */
  follow(client: RedisClient, address: string): string;
  /** A server that cannot be reached is no longer tried in the background. */
  drop(client: RedisClient): void;
  end(): Promise<void>;
}

/** Connects to none before it is asked for. */
export function createRedisNodes(settings: RedisSettings): RedisNodes {
  const known = new Map(settings.urls.map((url) => [toAddress(url), url]));
  const clients = new Map<string, RedisClient>();
  const asked = new WeakSet<RedisClient>();
  const add = (url: string): string => {
    const address = toAddress(url);
    const before = known.get(address);
    if (before === undefined) known.set(address, url);
    return before ?? url;
  };
  const ask = (client: RedisClient): void => {
    if (asked.has(client)) return;
    asked.add(client);
    const learn = (reply: unknown): void => {
      for (const address of toAddresses(reply)) add(atAddress(client.url, address));
    };
    // Without an answer there are those that are known.
    client.redis.cluster("SLOTS").then(learn, () => asked.delete(client));
  };
  return {
    get isCluster() {
      return settings.isCluster || known.size > 1;
    },
    first: settings.urls[0],
    at(url) {
      const client = clients.get(url) ?? createRedisClient(settings, url);
      clients.set(url, client);
      return client;
    },
    after(url) {
      const urls = [...known.values()];
      return urls[(urls.indexOf(url) + 1) % urls.length] ?? url;
    },
    ask,
    follow(client, address) {
      ask(client);
      return add(atAddress(client.url, address));
    },
    drop(client) {
      if (clients.get(client.url) === client) clients.delete(client.url);
      client.redis.disconnect();
    },
    async end() {
      await Promise.all(Array.from(clients.values(), (client) => client.end()));
    },
  };
}

/** The answer to `CLUSTER SLOTS`: for each range of slots its ends, and then servers: host, port. */
function toAddresses(reply: unknown): readonly string[] {
  const ranges: readonly unknown[] = Array.isArray(reply) ? reply : [];
  const servers = ranges.flatMap((range): readonly unknown[] =>
    Array.isArray(range) ? range.slice(2) : [],
  );
  return servers.flatMap((server) => {
    const [host, port] = Array.isArray(server) ? server : [];
    // A server that does not know its own name gives none.
    return typeof host === "string" && host !== "" ? [`${host}:${String(port)}`] : [];
  });
}
