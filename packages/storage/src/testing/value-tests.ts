import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { expectCode, toBytes, toText } from "./harness.ts";

/** What becomes of values. */
export function testValues(harness: Harness): void {
  const { check } = harness;
  check("value.get", async ({ store }) => {
    const entry = await store.put("key", toBytes("value"));

    expect(await store.get("key")).toEqual({ ...entry, value: toBytes("value") });
    expect(entry).toMatchObject({ key: "key", size: 5 });
  });
  check("value.absent", async ({ store }) => {
    await store.put("key", toBytes("value"));

    expect(await store.get("other")).toBeUndefined();
    expect(await store.stat("other")).toBeUndefined();
    expect(await store.read("other")).toBeUndefined();
  });
  check("value.empty", async ({ store }) => {
    await store.put("key", new Uint8Array());

    expect(await store.get("key")).toMatchObject({ value: new Uint8Array(), size: 0 });
  });
  check("value.bytes", async ({ store }) => {
    const value = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
    await store.put("key", value);

    expect((await store.get("key"))?.value).toEqual(value);
  });
  check("value.view", async ({ store }) => {
    await store.put("key", toBytes("0123456789").subarray(3, 6));

    expect(toText(await store.get("key"))).toBe("345");
  });
  check("value.copy-in", async ({ store }) => {
    const value = toBytes("value");
    await store.put("key", value);
    value.fill(0);

    expect(toText(await store.get("key"))).toBe("value");
  });
  check("value.copy-out", async ({ store }) => {
    await store.put("key", toBytes("value"));
    (await store.get("key"))?.value.fill(0);

    expect(toText(await store.get("key"))).toBe("value");
  });
  check("value.replace", async ({ store }) => {
    await store.put("key", toBytes("a long value"));
    await store.put("key", toBytes("short"));

    expect(await store.get("key")).toMatchObject({ value: toBytes("short"), size: 5 });
  });
  check("value.stat", async ({ store }) => {
    await store.put("key", toBytes("value"), { ttlSeconds: 1000 });
    const { value: _value, ...entry } = (await store.get("key")) ?? {};

    expect(await store.stat("key")).toEqual(entry);
  });
  check("value.time", async ({ store }) => {
    const before = Date.now();
    const { updatedAt } = await store.put("key", toBytes("value"));

    expect(new Date(updatedAt).toISOString()).toBe(updatedAt);
    // Another machine's clock may tell it.
    expect(Math.abs(Date.parse(updatedAt) - before)).toBeLessThan(60_000);
  });
  testLimits(harness);
  testTogether(harness);
  testDeletion(harness);
}

function testLimits({ check, createStorage }: Harness): void {
  check("value.limit", async ({ namespace }) => {
    await using storage = createStorage({ maxValueBytes: 1000 });
    const store = storage.open(namespace);
    await store.put("key", new Uint8Array(1000));

    expect(await store.stat("key")).toMatchObject({ size: 1000 });
  });
  check("value.over-limit", async ({ namespace }) => {
    await using storage = createStorage({ maxValueBytes: 1000 });
    const store = storage.open(namespace);
    await store.put("key", toBytes("value"));

    await expectCode(store.put("key", new Uint8Array(1001)), "STORAGE_LIMIT");
    expect(toText(await store.get("key"))).toBe("value");
  });
}

function testTogether({ check }: Harness): void {
  check("value.parallel", async ({ store }) => {
    const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);
    await Promise.all(keys.map((key) => store.put(key, toBytes(key))));

    const values = await Promise.all(keys.map(async (key) => toText(await store.get(key))));
    expect(values).toEqual(keys);
  });
  check("value.torn", async ({ store, other }) => {
    const texts = ["a", "b"].map((letter, index) => letter.repeat(50_000 * (index + 1)));
    await store.put("key", toBytes(texts[0] ?? ""));
    const writing = new AbortController();
    const write = async (): Promise<void> => {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for (let n = 0; n < 20; n += 1) await store.put("key", toBytes(texts[n % 2] ?? ""));
      writing.abort();
    };
    const seen = new Set<string | undefined>();
    const read = async (): Promise<void> => {
      // oxlint-disable-next-line no-await-in-loop -- again and again while others write
      while (!writing.signal.aborted) seen.add(toText(await other.get("key")));
    };
    await Promise.all([write(), read(), read()]);

    expect([...seen].filter((text) => text === undefined || !texts.includes(text))).toEqual([]);
  });
  check("value.shared", async ({ store, other }) => {
    const entry = await store.put("key", toBytes("value"));

    expect(await other.get("key")).toEqual({ ...entry, value: toBytes("value") });
    expect((await other.list()).entries).toEqual([entry]);
  });
}

function testDeletion({ check }: Harness): void {
  check("delete.gone", async ({ store }) => {
    await store.put("key", toBytes("value"));

    expect(await store.delete("key")).toBe(true);
    expect(await store.get("key")).toBeUndefined();
    expect((await store.list()).entries).toEqual([]);
  });
  check("delete.absent", async ({ store }) => {
    await store.put("key", toBytes("value"));
    await store.delete("key");

    expect(await store.delete("key")).toBe(false);
    expect(await store.delete("never")).toBe(false);
  });
  check("delete.shared", async ({ store, other }) => {
    await store.put("key", toBytes("value"));
    await other.get("key");
    await store.delete("key");

    expect(await other.get("key")).toBeUndefined();
    expect((await other.list()).entries).toEqual([]);
  });
}
