// What a package with something of its own in Redis tests it with.
export { startRedisCluster } from "./redis-cluster.ts";
export type { RedisCluster, SlotMove } from "./redis-cluster.ts";
export { findRedis, startRedis } from "./redis-server.ts";
export type { RedisServer } from "./redis-server.ts";
