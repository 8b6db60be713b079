// What a package with something of its own in Redis tests it with.
export { findRedis, startRedis } from "./redis-server.ts";
export type { RedisServer } from "./redis-server.ts";
