import { describeStorageConformance } from "@codemode/storage/testing";
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
  });
});
