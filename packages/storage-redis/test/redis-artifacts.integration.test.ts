import { createHash } from "node:crypto";

import type { ArtifactStore } from "@codemode/storage";
import { createArtifactStore } from "@codemode/storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createRedisStorage } from "../src/redis-storage.ts";
import type { RedisServer } from "../src/testing/redis-server.ts";
import { findRedis, startRedis } from "../src/testing/redis-server.ts";

const MIB = 1024 * 1024;

async function* megabytes(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after another
    yield await Promise.resolve(Buffer.alloc(MIB, index));
  }
}

function hex(data: unknown): string {
  return data instanceof Uint8Array ? Buffer.from(data).toString("hex") : "no bytes";
}

describe.runIf(findRedis())("artifacts in Redis", () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test("eight clients that save the same artifact lose no version", async () => {
    const url = server?.url ?? "";
    await using made = new AsyncDisposableStack();
    const stores = Array.from({ length: 8 }, (): ArtifactStore => {
      const storage = made.use(createRedisStorage({ url, prefix: "eight" }));
      return createArtifactStore({ storage, maxVersions: 100 });
    });

    const saves = stores.flatMap((store, client) =>
      Array.from({ length: 6 }, async (_, round) => {
        const { version } = await store.save("shared", { client, round });
        return { version, data: { client, round } };
      }),
    );
    const saved = await Promise.all(saves);
    const loaded = await Promise.all(
      saved.map(async ({ version }) => stores[0]?.load("shared", { version })),
    );

    expect(saved.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
      saved.map((_, index) => index + 1),
    );
    expect(loaded).toEqual(saved.map(({ data }) => data));
  });

  test("any name and any kind comes back, in order, page by page, and is deleted", async () => {
    await using storage = createRedisStorage({ url: server?.url ?? "", prefix: "names" });
    const store = createArtifactStore({ storage });
    const names = ["../x", "__proto__", "a:b{c}", "con", "n".repeat(300), "\u{1f600}"];
    await Promise.all(names.map((name) => store.save(name, new Uint8Array([0, 255, 13]))));

    const first = await store.list({ limit: 4 });
    const rest = await store.list({ limit: 4, ...(first.next && { after: first.next }) });
    const loaded = await Promise.all(names.map((name) => store.load(name)));
    const deleted = await Promise.all(names.map((name) => store.delete(name)));

    expect([...first.artifacts, ...rest.artifacts].map(({ name }) => name)).toEqual(names);
    expect(loaded.map(hex)).toEqual(names.map(() => "00ff0d"));
    expect(deleted).toEqual(names.map(() => true));
    expect((await store.list()).artifacts).toEqual([]);
  });

  test("what is large is streamed in and out, ranges included", async () => {
    await using storage = createRedisStorage({ url: server?.url ?? "", prefix: "large" });
    const store = createArtifactStore({ storage });

    const entry = await store.save("large", megabytes(20));
    const digest = createHash("sha256");
    for await (const chunk of (await store.stream("large")).chunks) digest.update(chunk);
    const part = await store.load("large", { start: 3 * MIB - 1, end: 3 * MIB + 1 });

    expect(entry).toMatchObject({ size: 20 * MIB, digest: `sha256:${digest.digest("hex")}` });
    expect([...(part instanceof Uint8Array ? part : [])]).toEqual([2, 3]);
  });

  test("without Redis every question is STORAGE_UNAVAILABLE, and goes on when it is back", async () => {
    await using own = await startRedis(["--appendonly", "yes", "--appendfsync", "always"]);
    await using storage = createRedisStorage({ url: own.url });
    const store = createArtifactStore({ storage });
    await store.save("kept", "text");
    await own.kill();

    const asked = await Promise.allSettled([
      store.save("x", "y"),
      store.load("kept"),
      store.list(),
    ]);
    await own.start();

    expect(asked).toMatchObject(
      asked.map(() => ({ reason: { code: "STORAGE_UNAVAILABLE", retryable: true } })),
    );
    await expect.poll(() => store.load("kept"), { timeout: 30_000 }).toBe("text");
  });
});
