import { describeStorageConformance } from "@codemode/storage/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";

import { createRedisStorage } from "../src/redis-storage.ts";
import type { RedisServer } from "../src/testing/redis-server.ts";
import { findRedis, startRedis } from "../src/testing/redis-server.ts";

describe.runIf(findRedis())("redis-server", () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  describeStorageConformance({
    name: "Redis",
    createStorage: ({ place, ...limits }) =>
      createRedisStorage({ url: server?.url ?? "", prefix: place, ...limits }),
    async damage({ place, namespace, key }) {
      const redis = new Redis(server?.url ?? "");
      await redis.set(`${place}:${namespace}:{${namespace}}:entry:${key}`, "nothing of ours");
      redis.disconnect();
    },
  });
});
