import { setTimeout as sleep } from "node:timers/promises";

import { Redis } from "ioredis";

import type { RedisServer } from "./redis-server.ts";
import { startRedis } from "./redis-server.ts";

/** A real Redis Cluster of the test's own: three masters without replicas. */
export interface RedisCluster extends AsyncDisposable {
  readonly servers: readonly RedisServer[];
  readonly urls: readonly string[];
  /** The server that has the slot of a key now. */
  ownerOf(key: string): Promise<RedisServer>;
  /** Begins to give the slot of a key to another server. No key has gone there before `finish`. */
  beginMove(key: string): Promise<SlotMove>;
  /** Settles when all servers that live agree that the cluster works. */
  healthy(): Promise<void>;
}

/** What resharding does to one slot. */
export interface SlotMove {
  readonly to: RedisServer;
  /** Moves the keys, and tells all whose they are now. */
  finish(): Promise<void>;
}

interface Node {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly id: string;
}

const SLOTS = 16_384;
const SIZE = 3;

/** Starts three servers that know each other. `flags` as of `startRedis`. */
export async function startRedisCluster(flags: readonly string[] = []): Promise<RedisCluster> {
  await using starting = new AsyncDisposableStack();
  const own = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...flags];
  const nodes = await Promise.all(
    Array.from({ length: SIZE }, async (): Promise<Node> => {
      const server = starting.use(await startRedis(own));
      const redis = new Redis(server.url, { retryStrategy: () => 50 });
      // A server that is killed is what the test wants.
      redis.on("error", () => {});
      starting.defer(() => redis.disconnect());
      return { server, redis, id: String(await redis.call("CLUSTER", "MYID")) };
    }),
  );
  const healthy = async (): Promise<void> => {
    await Promise.all(nodes.map(untilHealthy));
  };
  await introduce(nodes);
  await healthy();
  const running = starting.move();
  return {
    servers: nodes.map(({ server }) => server),
    urls: nodes.map(({ server }) => server.url),
    ownerOf: async (key) => (await findOwner(nodes, key)).server,
    beginMove: (key) => beginMove(nodes, key),
    healthy,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function introduce(nodes: readonly Node[]): Promise<void> {
  await Promise.all(
    nodes.map(async ({ redis }, index) => {
      const first = Math.floor((index * SLOTS) / SIZE);
      const last = Math.floor(((index + 1) * SLOTS) / SIZE) - 1;
      await redis.call("CLUSTER", "ADDSLOTSRANGE", first, last);
      // Servers that claim the same word could not tell whose is the last one.
      await redis.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
    }),
  );
  const [{ redis } = raise("There are no servers."), ...others] = nodes;
  await Promise.all(
    others.map(({ server }) => redis.call("CLUSTER", "MEET", "127.0.0.1", server.port)),
  );
}

async function untilHealthy({ redis }: Node): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    // oxlint-disable-next-line no-await-in-loop -- until it is so
    const info = String(await redis.call("CLUSTER", "INFO"));
    if (info.includes("cluster_state:ok") && info.includes(`cluster_size:${SIZE}`)) return;
    // oxlint-disable-next-line no-await-in-loop -- until it is so
    await sleep(50);
  }
  raise("The servers of the cluster do not find each other.");
}

async function findOwner(nodes: readonly Node[], key: string): Promise<Node> {
  const [{ redis } = raise("There are no servers.")] = nodes;
  const slot = await redis.cluster("KEYSLOT", key);
  const ranges: unknown = await redis.cluster("SLOTS");
  const all: readonly unknown[] = Array.isArray(ranges) ? ranges : [];
  for (const range of all) {
    const [from, to, master]: readonly unknown[] = Array.isArray(range) ? range : [];
    if (slot < Number(from) || slot > Number(to) || !Array.isArray(master)) continue;
    const [, , id] = master;
    const owner = nodes.find((node) => node.id === id);
    if (owner !== undefined) return owner;
  }
  return raise(`Nobody has the slot ${slot}.`);
}

async function beginMove(nodes: readonly Node[], key: string): Promise<SlotMove> {
  const from = await findOwner(nodes, key);
  const to = nodes.find((node) => node !== from) ?? raise("There is no other server.");
  const slot = await from.redis.cluster("KEYSLOT", key);
  await to.redis.call("CLUSTER", "SETSLOT", slot, "IMPORTING", from.id);
  await from.redis.call("CLUSTER", "SETSLOT", slot, "MIGRATING", to.id);
  return {
    to: to.server,
    async finish() {
      const found: unknown = await from.redis.call("CLUSTER", "GETKEYSINSLOT", slot, 10_000);
      const keys = Array.isArray(found) ? found.map(String) : [];
      const target = ["127.0.0.1", to.server.port, "", 0, 5000] as const;
      if (keys.length > 0) await from.redis.call("MIGRATE", ...target, "KEYS", ...keys);
      const others = nodes.filter((node) => node !== to);
      // Who takes it has to know first, or the others would send each other back and forth.
      await to.redis.call("CLUSTER", "SETSLOT", slot, "NODE", to.id);
      await Promise.all(
        others.map(({ redis }) => redis.call("CLUSTER", "SETSLOT", slot, "NODE", to.id)),
      );
    },
  };
}

function raise(message: string): never {
  throw new Error(message);
}
