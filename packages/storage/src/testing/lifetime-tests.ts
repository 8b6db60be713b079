import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import type { Store } from "../storage.ts";
import type { Harness } from "./harness.ts";
import { expectCode, toBytes, toText } from "./harness.ts";

/** What time and the end do. */
export function testLifetimes(harness: Harness): void {
  testTimes(harness);
  testExpired(harness);
  testEnds(harness);
}

function testTimes({ check }: Harness): void {
  check("ttl.told", async ({ store }) => {
    const stays = await store.put("stays", toBytes("1"));
    const { expiresAt = "", updatedAt } = await store.put("goes", toBytes("1"), {
      ttlSeconds: 500,
    });

    expect(stays).not.toHaveProperty("expiresAt");
    expect(new Date(expiresAt).toISOString()).toBe(expiresAt);
    expect(Math.abs(Date.parse(expiresAt) - Date.parse(updatedAt) - 500_000)).toBeLessThan(5000);
  });
  check("ttl.before", async ({ store }) => {
    const entry = await store.put("key", toBytes("value"), { ttlSeconds: 500 });

    expect(await store.get("key")).toEqual({ ...entry, value: toBytes("value") });
    expect((await store.list()).entries).toEqual([entry]);
  });
  check("ttl.replaced", async ({ store }) => {
    await putExpired(store);
    await store.put("key", toBytes("1"), { ttlSeconds: 0.05 });
    const entry = await store.put("key", toBytes("stays"));
    await sleep(100);

    expect(entry).not.toHaveProperty("expiresAt");
    expect(toText(await store.get("key"))).toBe("stays");
  });
  check("ttl.write", async ({ store }) => {
    const { expiresAt } = await store.write("a", new Blob(["1"]).stream(), { ttlSeconds: 500 });
    await store.write("b", new Blob(["1"]).stream(), { ttlSeconds: 0.01 });
    await sleep(60);

    expect(expiresAt).toBeTypeOf("string");
    expect(await store.get("b")).toBeUndefined();
  });
  check("ttl.refused", async ({ store }) => {
    for (const ttlSeconds of [0, -1, Number.NaN, Infinity]) {
      // oxlint-disable-next-line no-await-in-loop -- the first that is not refused is told
      await expectCode(store.put("key", toBytes("1"), { ttlSeconds }), "INVALID_ARGUMENTS");
    }
    expect(await store.get("key")).toBeUndefined();
  });
}

/** A value whose time is up. */
async function putExpired(store: Store): Promise<string> {
  const { revision } = await store.put("key", toBytes("expired"), { ttlSeconds: 0.01 });
  await sleep(60);
  return revision;
}

function testExpired({ check }: Harness): void {
  check("ttl.gone", async ({ store, other }) => {
    await store.put("stays", toBytes("1"));
    await putExpired(store);

    expect([await store.get("key"), await other.stat("key")]).toEqual([undefined, undefined]);
    expect(await store.read("key")).toBeUndefined();
    expect((await other.list()).entries.map(({ key }) => key)).toEqual(["stays"]);
  });
  check("ttl.delete", async ({ store }) => {
    const revision = await putExpired(store);

    await expectCode(store.delete("key", { ifRevision: revision }), "STORAGE_CONFLICT");
    expect(await store.delete("key")).toBe(false);
  });
  check("ttl.create", async ({ store, other }) => {
    const revision = await putExpired(store);

    await expectCode(store.put("key", toBytes("2"), { ifRevision: revision }), "STORAGE_CONFLICT");
    await store.put("key", toBytes("2"), { ifRevision: null });
    await store.list();
    await sleep(60);
    expect(toText(await other.get("key"))).toBe("2");
  });
}

function testEnds({ check, createStorage }: Harness): void {
  check("end.refused", async ({ namespace }) => {
    const storage = createStorage();
    const store = storage.open(namespace);
    await store.put("key", toBytes("1"));
    await storage[Symbol.asyncDispose]();
    const answers = [
      store.get("key"),
      store.stat("key"),
      store.put("key", toBytes("2")),
      store.write("key", new Blob(["1"]).stream()),
      store.read("key"),
      store.delete("key"),
      store.list(),
      store.watch({}, () => {}),
    ];
    const results = await Promise.allSettled(answers);

    const codes = results.map(
      (result) => Object(result.status === "rejected" && result.reason).code,
    );
    expect(codes).toEqual(Array(answers.length).fill("STORAGE_DISPOSED"));
  });
  check("end.open", async ({ namespace }) => {
    const storage = createStorage();
    await storage[Symbol.asyncDispose]();

    expect(() => storage.open(namespace)).toThrow(
      expect.objectContaining({ code: "STORAGE_DISPOSED" }),
    );
  });
  check("end.twice", async ({ namespace }) => {
    const storage = createStorage();
    await storage.open(namespace).put("key", toBytes("1"));
    await storage[Symbol.asyncDispose]();

    expect(await storage[Symbol.asyncDispose]()).toBeUndefined();
  });
  check("end.unused", async ({ namespace }) => {
    const storage = createStorage();
    storage.open(namespace);

    expect(await storage[Symbol.asyncDispose]()).toBeUndefined();
  });
  check("end.others", async ({ store, namespace }) => {
    const storage = createStorage();
    await storage.open(namespace).put("key", toBytes("1"));
    await storage[Symbol.asyncDispose]();

    expect(await store.put("key", toBytes("2"))).toMatchObject({ key: "key" });
  });
  check("end.kept", async ({ namespace }) => {
    const storage = createStorage();
    const entry = await storage.open(namespace).put("key", toBytes("kept"));
    await storage[Symbol.asyncDispose]();
    await using next = createStorage();

    expect(await next.open(namespace).get("key")).toEqual({ ...entry, value: toBytes("kept") });
  });
}
