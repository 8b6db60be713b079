import { join } from "node:path";

import { isCodemodeError } from "@codemode/core";
import { expectAppended, expectKept, killAfter, startWriter } from "@codemode/storage/testing";
import { describe, expect, test } from "vitest";

import { createRedisStorage } from "../src/redis-storage.ts";
import { findRedis, startRedis } from "../src/testing/redis-server.ts";

const WRITER = join(import.meta.dirname, "redis-writer.ts");

describe.runIf(findRedis())("redis-server", () => {
  test("a client killed amid 1,000 puts loses nothing acknowledged", async () => {
    await using server = await startRedis();
    const writer = startWriter(WRITER, [server.url, "puts", "w", "1000"]);
    await killAfter(writer, 400);

    await using storage = createRedisStorage({ url: server.url });
    expect(writer.acknowledged.length).toBeGreaterThan(400);
    await expectKept(storage.open("shared"), writer.acknowledged);
  });

  test("Redis killed amid 1,000 puts has all that it acknowledged when it is back", async () => {
    await using server = await startRedis(["--appendonly", "yes", "--appendfsync", "always"]);
    await using storage = createRedisStorage({ url: server.url });
    const store = storage.open("shared");
    // More than it gets to.
    const writer = startWriter(WRITER, [server.url, "puts", "w", "9000"]);
    await expect.poll(() => writer.acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(200);
    await server.kill();
    expect(await writer.ended).toContain("STORAGE_UNAVAILABLE");
    await server.start();

    await expectKept(store, writer.acknowledged);
  });

  test("eight processes append to one key: all is there, in order", async () => {
    await using server = await startRedis();
    const writers = Array.from({ length: 8 }, (_, index) =>
      startWriter(WRITER, [server.url, "appends", `w${index}`, "25"]),
    );
    const errors = await Promise.all(writers.map(({ ended }) => ended));

    expect(errors).toEqual(Array(8).fill(""));
    expect(writers.map(({ acknowledged }) => acknowledged.length)).toEqual(Array(8).fill(25));
    await using storage = createRedisStorage({ url: server.url });
    await expectAppended(storage.open("shared"), writers);
  });

  test("Redis stopped is told in time, and is used again when it is back", async () => {
    await using server = await startRedis(["--appendonly", "yes", "--appendfsync", "always"]);
    await using storage = createRedisStorage({ url: server.url });
    const store = storage.open("skills");
    await store.put("a", Buffer.from("1"));
    await server.kill();

    await expectUnavailable(() => store.get("a"));
    await expectUnavailable(() => store.put("a", Buffer.from("2")));
    await expectUnavailable(() => store.watch({}, () => {}));
    await server.start();

    // What was refused is not made up for later.
    expect((await store.get("a"))?.value).toEqual(new Uint8Array(Buffer.from("1")));
    await store.put("a", Buffer.from("3"));
    expect((await store.get("a"))?.value).toEqual(new Uint8Array(Buffer.from("3")));
  });

  test("Redis that hangs is told in time, and is used again when it goes on", async () => {
    await using server = await startRedis();
    await using storage = createRedisStorage({ url: server.url });
    const store = storage.open("skills");
    await store.put("a", Buffer.from("1"));
    server.freeze();
    try {
      await expectUnavailable(() => store.get("a"));
      await expectUnavailable(() => store.list());
    } finally {
      server.thaw();
    }

    await expect
      .poll(() => store.stat("a").catch(() => {}), { timeout: 30_000 })
      .toMatchObject({ size: 1 });
  });

  test("who watches is told that changes may have been missed", async () => {
    await using server = await startRedis();
    await using storage = createRedisStorage({ url: server.url });
    const store = storage.open("skills");
    const changes: unknown[] = [];
    await store.watch({}, (change) => changes.push(change));
    await server.kill();
    await server.start();
    await expect.poll(() => changes, { timeout: 30_000 }).toEqual([{ type: "reset" }]);
    await store.put("a", Buffer.from("1"));

    await expect.poll(() => changes.at(-1)).toEqual({ type: "put", key: "a" });
  });
});

/** Before a clock of this process that began with the question has told two seconds, however late it runs. */
async function expectUnavailable(ask: () => Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), 2000);
  const error: unknown = await ask().catch((failure: unknown) => failure);
  clearTimeout(timer);
  expect(isCodemodeError(error, "STORAGE_UNAVAILABLE") && error.retryable).toBe(true);
  expect(late.signal.aborted).toBe(false);
}
