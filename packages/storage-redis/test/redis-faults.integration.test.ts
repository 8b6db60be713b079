import { createHash } from "node:crypto";

import { isCodemodeError } from "@codemode/core";
import { createArtifactStore } from "@codemode/storage";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";

import { createRedisStorage } from "../src/redis-storage.ts";
import { findRedis, startRedis } from "../src/testing/redis-server.ts";

const MIB = 1024 * 1024;
const DURABLE = ["--appendonly", "yes", "--appendfsync", "always"];

/** Calls `happens` before the piece with this number. */
async function* megabytes(
  count: number,
  before: number,
  happens: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- in the middle
    if (index === before) await happens();
    yield Buffer.alloc(MIB, index);
  }
}

describe.runIf(findRedis())("Redis", () => {
  test("restarted amid an artifact of 100 MB, with its data, it goes on or is told", async () => {
    await using server = await startRedis(DURABLE);
    await using storage = createRedisStorage({ url: server.url });
    const artifacts = createArtifactStore({ storage });
    await artifacts.save("large", "before");
    const restart = async (): Promise<void> => {
      await server.kill();
      await server.start();
    };
    const saved = await artifacts.save("large", megabytes(100, 50, restart)).then(
      () => "all of it",
      (error: unknown) => (isCodemodeError(error, "STORAGE_UNAVAILABLE") ? "what was" : error),
    );
    const { size } = (await artifacts.get("large")) ?? {};
    const digest = createHash("sha256");
    for (let index = 0; index < 100; index += 1) digest.update(Buffer.alloc(MIB, index));
    const isWhole = { size: 100 * MIB, digest: `sha256:${digest.digest("hex")}` };

    expect([saved, size]).toEqual(saved === "what was" ? [saved, 6] : ["all of it", 100 * MIB]);
    expect(await artifacts.save("large", megabytes(100, -1, restart))).toMatchObject(isWhole);
  });

  test("restarted without its data amid a large value, the value is not there by half", async () => {
    await using server = await startRedis();
    await using storage = createRedisStorage({ url: server.url });
    const store = storage.open("artifacts");
    const restart = async (): Promise<void> => {
      await server.kill();
      await server.start();
    };

    await expect(store.write("large", megabytes(10, 6, restart))).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
      retryable: true,
    });
    expect(await store.list()).toEqual({ entries: [] });
    expect(await store.write("large", megabytes(10, -1, restart))).toMatchObject({
      size: 10 * MIB,
    });
  });

  test("killed while a large value is read is told to the reader, who can begin again", async () => {
    await using server = await startRedis(DURABLE);
    await using storage = createRedisStorage({ url: server.url });
    const store = storage.open("artifacts");
    await store.write(
      "large",
      megabytes(10, -1, async () => {}),
    );
    let bytes = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of (await store.read("large"))?.chunks ?? []) {
        bytes += chunk.byteLength;
        if (bytes === 3 * MIB) await server.kill();
      }
    };

    await expect(reading()).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE", retryable: true });
    await server.start();
    bytes = 3 * MIB + 1;
    await expect.poll(() => reading().then(() => bytes, String)).toBe(13 * MIB + 1);
  });

  test("gone without a word is noticed by who only watches", async () => {
    await using server = await startRedis();
    await using storage = createRedisStorage({ url: server.url, timeoutMs: 200 });
    const store = storage.open("skills");
    const changes: unknown[] = [];
    await store.watch({}, (change) => changes.push(change));
    server.freeze();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    server.thaw();

    await expect.poll(() => changes, { timeout: 10_000 }).toEqual([{ type: "reset" }]);
  });

  test("what it refuses is told with what to do about it", async () => {
    await using server = await startRedis(["--requirepass", "word"]);
    const redis = new Redis(server.url.replace("redis://", "redis://:word@"));
    onTestFinished(() => redis.disconnect());
    await redis.call("ACL", "SETUSER", "reader", "on", ">word", "~*", "&*", "+@read", "+info");
    const open = (user: string): ReturnType<typeof createRedisStorage> =>
      createRedisStorage({
        url: server.url.replace("redis://", `redis://${user}`),
        timeoutMs: 500,
      });
    await using nobody = open("");
    await using reader = open("reader:word@");

    await expect(nobody.open("a").get("a")).rejects.toThrow(
      /\(NOAUTH\).*give one in the storage's/,
    );
    await expect(reader.open("a").put("a", Buffer.from("1"))).rejects.toThrow(
      /\(NOPERM\).*allow it the commands/,
    );
  });
});
