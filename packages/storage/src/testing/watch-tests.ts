import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import type { Store, StoreChange, WatchOptions } from "../storage.ts";
import type { Harness } from "./harness.ts";
import { toBytes } from "./harness.ts";
import { HOSTILE_KEYS } from "./key-tests.ts";

/** Who is told of changes. */
export function testWatches(harness: Harness): void {
  testChanges(harness);
  testSelection(harness);
  testEnds(harness);
}

/** Changes are told soon after; on a busy machine, later. */
const SOON = { timeout: 10_000, interval: 10 };
/** What has not been told by now is not told. */
const LATE_MS = 150;

interface Watched extends AsyncDisposable {
  readonly changes: readonly StoreChange[];
}

async function watch(store: Store, options: WatchOptions = {}): Promise<Watched> {
  const changes: StoreChange[] = [];
  const watching = await store.watch(options, (change) => changes.push(change));
  return { changes, [Symbol.asyncDispose]: () => watching[Symbol.asyncDispose]() };
}

function testChanges({ check }: Harness): void {
  check("watch.put", async ({ store }) => {
    await using watched = await watch(store);
    await store.put("key", toBytes("1"));
    const change = { type: "put", key: "key" };
    await expect.poll(() => watched.changes, SOON).toEqual([change]);
    await store.put("key", toBytes("2"));

    await expect.poll(() => watched.changes, SOON).toEqual([change, change]);
  });
  check("watch.write", async ({ store }) => {
    await using watched = await watch(store);
    await store.write("key", new Blob(["1"]).stream());

    await expect.poll(() => watched.changes, SOON).toEqual([{ type: "put", key: "key" }]);
  });
  check("watch.delete", async ({ store }) => {
    await store.put("key", toBytes("1"));
    await using watched = await watch(store);
    await store.delete("key");

    // The put right before may be on its way still.
    await expect.poll(() => watched.changes.at(-1), SOON).toEqual({ type: "delete", key: "key" });
  });
  check("watch.key", async ({ store }) => {
    const keys = [...HOSTILE_KEYS, "x".repeat(512)];
    await using watched = await watch(store);
    await Promise.all(keys.map((key) => store.put(key, toBytes("1"))));
    const told = (): unknown => new Set(watched.changes.map((change) => Object(change).key));

    await expect.poll(told, SOON).toEqual(new Set(keys));
  });
  check("watch.shared", async ({ store, other }) => {
    await using watched = await watch(store);
    await other.put("key", toBytes("1"));
    await expect.poll(() => watched.changes.at(-1), SOON).toEqual({ type: "put", key: "key" });
    await other.delete("key");

    await expect.poll(() => watched.changes.at(-1), SOON).toEqual({ type: "delete", key: "key" });
  });
}

function testSelection({ check, createStorage }: Harness): void {
  check("watch.prefix", async ({ store }) => {
    await using watched = await watch(store, { prefix: "a/" });
    await store.put("b", toBytes("1"));
    await store.put("a", toBytes("1"));
    await store.put("a/1", toBytes("1"));

    await expect.poll(() => watched.changes, SOON).toEqual([{ type: "put", key: "a/1" }]);
  });
  check("watch.namespace", async ({ store, namespace }) => {
    await using storage = createStorage();
    await using watched = await watch(store);
    await storage.open(`${namespace}-b`).put("there", toBytes("1"));
    await store.put("here", toBytes("1"));

    await expect.poll(() => watched.changes, SOON).toEqual([{ type: "put", key: "here" }]);
  });
  check("watch.many", async ({ store }) => {
    await using one = await watch(store);
    await using two = await watch(store, { prefix: "k" });
    await store.put("key", toBytes("1"));
    const change = { type: "put", key: "key" };

    await expect.poll(() => [one.changes, two.changes], SOON).toEqual([[change], [change]]);
  });
}

function testEnds({ check, createStorage }: Harness): void {
  check("watch.ended", async ({ store }) => {
    const ended = await watch(store);
    await using watched = await watch(store);
    await ended[Symbol.asyncDispose]();
    await store.put("key", toBytes("1"));
    await expect.poll(() => watched.changes, SOON).toHaveLength(1);

    expect(ended.changes).toEqual([]);
  });
  check("watch.end", async ({ store, namespace }) => {
    const storage = createStorage();
    const watched = await watch(storage.open(namespace));
    await storage[Symbol.asyncDispose]();
    await store.put("key", toBytes("1"));
    await sleep(LATE_MS);

    expect(watched.changes).toEqual([]);
  });
}
