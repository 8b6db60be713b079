export { createRedisStorage } from "./redis-storage.ts";
export type { RedisStorageOptions } from "./redis-storage.ts";
