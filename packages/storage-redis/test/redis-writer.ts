// A process of its own that writes to Redis: node redis-writer.ts <url> <does> <name> <count>
import { runWriter } from "@codemode/storage/testing";

import { createRedisStorage } from "../src/redis-storage.ts";

const [url = "", does, name = "", count] = process.argv.slice(2);
await using storage = createRedisStorage({ url });
await runWriter(storage.open("shared"), {
  does: does === "appends" ? "appends" : "puts",
  name,
  count: Number(count),
});
