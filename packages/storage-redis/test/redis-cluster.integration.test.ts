import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { isCodemodeError } from "@codemode/core";
import { createArtifactStore } from "@codemode/storage";
import { describeStorageConformance } from "@codemode/storage/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { createRedisStorage } from "../src/redis-storage.ts";
import type { RedisCluster } from "../src/testing/redis-cluster.ts";
import { startRedisCluster } from "../src/testing/redis-cluster.ts";
import { findRedis, startRedis } from "../src/testing/redis-server.ts";

const BYTES = Buffer.from("value");
/** Their slots are with three different servers. */
const NAMESPACES = ["skills", "artifacts", "tools", "notes", "a", "b", "c", "d"];

/** What is acknowledged outlives a crash. */
const DURABLE = ["--appendonly", "yes", "--appendfsync", "always"];

/** Three to six servers at a time: where CI is set. */
const runs = process.env["CI"] !== undefined && findRedis();

/** A key of a namespace, whatever else: they are all in its slot. */
function keyOf(namespace: string): string {
  return `{${namespace}}`;
}

describe.runIf(runs)("three servers of a Redis Cluster", () => {
  let cluster: RedisCluster | undefined;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 60_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });
  describeStorageConformance({
    name: "Redis Cluster",
    createStorage: ({ place, ...limits }) =>
      createRedisStorage({ nodes: cluster?.urls ?? [], prefix: place, ...limits }),
    async damage({ place, namespace, key }) {
      const owner = await cluster?.ownerOf(keyOf(namespace));
      const redis = new Redis(owner?.url ?? "");
      await redis.set(`${place}:${namespace}:{${namespace}}:entry:${key}`, "nothing of ours");
      redis.disconnect();
    },
  });

  test("one url of any of them is enough, and namespaces are on all of them", async () => {
    const [url = ""] = cluster?.urls ?? [];
    await using storage = createRedisStorage({ url, prefix: "one" });
    await Promise.all(NAMESPACES.map((name) => storage.open(name).put(name, BYTES)));

    const found = NAMESPACES.map(async (name) => await storage.open(name).stat(name));
    expect((await Promise.all(found)).map((entry) => entry?.size)).toEqual(
      NAMESPACES.map(() => BYTES.byteLength),
    );
    const owners = NAMESPACES.map(async (name) => (await cluster?.ownerOf(keyOf(name)))?.port);
    expect(new Set(await Promise.all(owners)).size).toBe(3);
  });

  test("while a slot moves what is there is read, and once it has moved all goes on", async () => {
    await using storage = createRedisStorage({ nodes: cluster?.urls ?? [], prefix: "moving" });
    const store = storage.open("moving");
    const large = new Uint8Array(2_500_000).fill(7);
    await store.put("large", large);
    await store.put("small", BYTES);
    const move = await cluster?.beginMove(keyOf("moving"));
    const absent = await store.get("absent");
    const during = await store.get("large");
    // Some of its keys are here, the new one is not: it is refused until all are there.
    const writing = store.put("new", BYTES);
    const replacing = store.put("large", BYTES);
    await move?.finish();
    await Promise.all([writing, replacing]);

    expect(absent).toBeUndefined();
    expect(during?.value).toEqual(large);
    expect((await cluster?.ownerOf(keyOf("moving")))?.port).toBe(move?.to.port);
    expect((await store.list()).entries.map(({ key }) => key)).toEqual(["large", "new", "small"]);
    expect((await store.get("large"))?.value).toEqual(new Uint8Array(BYTES));
  });

  test("a slot that stays half moved is told in time, by its word", async () => {
    await using storage = createRedisStorage({ nodes: cluster?.urls ?? [], prefix: "half" });
    const store = storage.open("half");
    await store.put("a", BYTES);
    const move = await cluster?.beginMove(keyOf("half"));

    await expectUnavailable(() => store.put("b", BYTES), "(TRYAGAIN)");
    await move?.finish();
    expect(await store.get("b")).toBeUndefined();
    expect(await store.put("b", BYTES)).toMatchObject({ key: "b" });
  });

  test("artifacts with versions and contents of 20 MB are kept in a cluster", async () => {
    await using storage = createRedisStorage({ nodes: cluster?.urls ?? [], prefix: "artifacts" });
    const store = createArtifactStore({ storage });
    await store.save("large", Buffer.alloc(20_000_000, 1));
    await store.save("large", "second");

    expect(await store.load("large")).toBe("second");
    expect(await store.load("large", { version: 1, start: 19_999_999 })).toEqual(
      new Uint8Array([1]),
    );
  });
});

describe.runIf(runs)("a Redis Cluster that loses a server", () => {
  test("what is there says so in time, the rest goes on, and all is back with the server", async () => {
    await using cluster = await startRedisCluster([
      ...DURABLE,
      "--cluster-require-full-coverage",
      "no",
      "--cluster-node-timeout",
      "1000",
    ]);
    await using storage = createRedisStorage({ nodes: cluster.urls });
    const owners = await Promise.all(NAMESPACES.map((name) => cluster.ownerOf(keyOf(name))));
    const [lost] = owners;
    const lostNames = NAMESPACES.filter((_, index) => owners[index] === lost);
    const otherNames = NAMESPACES.filter((_, index) => owners[index] !== lost);
    await Promise.all(NAMESPACES.map((name) => storage.open(name).put("a", BYTES)));
    await lost?.kill();

    await Promise.all(
      lostNames.map(async (name) => {
        await expectUnavailable(() => storage.open(name).get("a"));
        await expectUnavailable(() => storage.open(name).put("b", BYTES));
      }),
    );
    const alive = otherNames.map(async (name) => (await storage.open(name).get("a"))?.size);
    expect(new Set(await Promise.all(alive))).toEqual(new Set([BYTES.byteLength]));

    await lost?.start();
    const back = NAMESPACES.map((name) =>
      expect
        .poll(
          () =>
            storage
              .open(name)
              .list()
              .catch(() => {}),
          { timeout: 20_000 },
        )
        .toMatchObject({ entries: [{ key: "a" }] }),
    );
    await Promise.all(back);
  });

  test("a cluster that stops as a whole is told by its word, and is used again when it is back", async () => {
    await using cluster = await startRedisCluster([...DURABLE, "--cluster-node-timeout", "1000"]);
    await using storage = createRedisStorage({ nodes: cluster.urls });
    const owners = await Promise.all(NAMESPACES.map((name) => cluster.ownerOf(keyOf(name))));
    const [lost] = owners;
    const alive = NAMESPACES.find((_, index) => owners[index] !== lost) ?? "";
    const store = storage.open(alive);
    await store.put("a", BYTES);
    await lost?.kill();

    await expect
      .poll(() => store.get("a").catch((error: unknown) => String(error)), { timeout: 20_000 })
      .toContain("(CLUSTERDOWN)");
    await expectUnavailable(() => store.put("a", BYTES), "(CLUSTERDOWN)");
    await lost?.start();
    await expect
      .poll(() => store.get("a").catch(() => {}), { timeout: 20_000 })
      .toMatchObject({ size: BYTES.byteLength });
  });

  test("who watches goes on with another server, and is told that something may be missed", async () => {
    await using cluster = await startRedisCluster(["--cluster-require-full-coverage", "no"]);
    const [first = "", ...others] = cluster.urls;
    await using storage = createRedisStorage({ nodes: [first, ...others] });
    const owners = await Promise.all(NAMESPACES.map((name) => cluster.ownerOf(keyOf(name))));
    const elsewhere = NAMESPACES.find((_, index) => owners[index]?.url !== first) ?? "";
    const changes: unknown[] = [];
    const store = storage.open(elsewhere);
    await store.watch({}, (change) => changes.push(change));
    await store.put("a", BYTES);
    await expect.poll(() => changes.length).toBe(1);
    await cluster.servers.find(({ url }) => url === first)?.kill();

    await expect.poll(() => changes.at(-1), { timeout: 10_000 }).toEqual({ type: "reset" });
    await store.put("b", BYTES);
    await expect.poll(() => changes.at(-1)).toEqual({ type: "put", key: "b" });
  });

  test("a server that hangs is passed over by who can be served elsewhere", async () => {
    await using cluster = await startRedisCluster(["--cluster-require-full-coverage", "no"]);
    const owners = await Promise.all(NAMESPACES.map((name) => cluster.ownerOf(keyOf(name))));
    const elsewhere = NAMESPACES.findIndex((_, index) => owners[index] !== owners[0]);
    await using storage = createRedisStorage({
      nodes: [owners[0]?.url ?? "", owners[elsewhere]?.url ?? ""],
    });
    owners[0]?.freeze();
    try {
      const store = storage.open(NAMESPACES[elsewhere] ?? "");
      expect(await store.put("a", BYTES)).toMatchObject({ key: "a" });
      await expectUnavailable(() => storage.open(NAMESPACES[0] ?? "").put("a", BYTES));
    } finally {
      owners[0]?.thaw();
    }

    await expect
      .poll(
        () =>
          storage
            .open(NAMESPACES[0] ?? "")
            .list()
            .catch(() => {}),
        { timeout: 20_000 },
      )
      .toEqual({ entries: [] });
  });
});

describe.runIf(runs)("a Redis Cluster with replicas", () => {
  test("a replica that takes the place of its master is found, by clients that are at work", async () => {
    const flags = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000", ...DURABLE];
    await using servers = new AsyncDisposableStack();
    const six = await Promise.all(Array.from({ length: 6 }, () => startRedis(flags)));
    for (const server of six) servers.use(server);
    const addresses = six.map(({ port }) => `127.0.0.1:${port}`);
    const create = ["--cluster", "create", ...addresses, "--cluster-replicas", "1"];
    await promisify(execFile)("redis-cli", [...create, "--cluster-yes"]);
    // Only one of them is named: the others are found.
    const [first, second] = six;
    await using storage = createRedisStorage({ nodes: [second?.url ?? ""] });
    const stores = NAMESPACES.map((name) => storage.open(name));
    await Promise.all(stores.map((store) => store.put("a", BYTES)));
    const redis = new Redis(first?.url ?? "", { retryStrategy: () => null });
    redis.on("error", () => {});
    onTestFinished(() => redis.disconnect());
    // Nor are they found by being sent there alone.
    await using alone = createRedisStorage({ nodes: [first?.url ?? ""] });
    const slots = await Promise.all(NAMESPACES.map((name) => redis.cluster("KEYSLOT", name)));
    const own = alone.open(NAMESPACES[slots.findIndex((slot) => slot <= 5460)] ?? "");
    await own.put("c", BYTES);
    // A replica that has not got all could not take its place.
    await expect
      .poll(() => redis.info("replication"), { timeout: 30_000 })
      .toContain("state=online");
    await first?.kill();

    const answers = stores.map((store, index) =>
      expect
        .poll(() => store.put("b", Buffer.from(String(index))).catch(String), { timeout: 30_000 })
        .toMatchObject({ size: 1 }),
    );
    await Promise.all(answers);
    await expect.poll(() => own.get("c").catch(String)).toMatchObject({ size: BYTES.byteLength });
    const found = await Promise.all(stores.map((store) => store.get("a")));
    expect(found.map((value) => value?.size)).toEqual(stores.map(() => BYTES.byteLength));
  });
});

test("nodes of two kinds, a database in a cluster, and url and nodes at once are refused", () => {
  const nodes = ["redis://one:1", "rediss://two:2"];

  expect(() => createRedisStorage({ nodes })).toThrow(/all "redis:\/\/" or all "rediss:\/\/"/);
  expect(() => createRedisStorage({ nodes: ["redis://one:1/3"] })).toThrow(/no databases but 0/);
  expect(() => createRedisStorage({ nodes: ["redis://one"], url: "redis://one" })).toThrow(
    /not both/,
  );
  expect(() => createRedisStorage({})).toThrow(/needs its `url`, or the `nodes`/);
});

/** Before a clock of this process that began with the question has told two seconds, however late it runs. */
async function expectUnavailable(ask: () => Promise<unknown>, reason = ""): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), 2000);
  const error: unknown = await ask().catch((failure: unknown) => failure);
  clearTimeout(timer);
  expect(isCodemodeError(error, "STORAGE_UNAVAILABLE") && error.retryable).toBe(true);
  expect(String(error)).toContain(reason);
  expect(late.signal.aborted).toBe(false);
}
