import { setTimeout as sleep } from "node:timers/promises";

import { expect, vi } from "vitest";

import type { Harness } from "./harness.ts";
import { expectCode, readAll, toBytes, toText } from "./harness.ts";

const DAY_MS = 24 * 3_600_000;

/** What happens to those who did nothing wrong. */
export function testFaults(harness: Harness): void {
  testDamage(harness);
  testClocks(harness);
  testReaders(harness);
}

function testDamage({ check, damage }: Harness): void {
  check("fault.corrupt", async ({ store, other, namespace }) => {
    await store.put("key", toBytes("value"));
    await damage({ namespace, key: "key" });

    await expectCode(store.get("key"), "STORAGE_CORRUPT");
    await expectCode(store.stat("key"), "STORAGE_CORRUPT");
    await expectCode(other.read("key"), "STORAGE_CORRUPT");
  });
  check("fault.corrupt-others", async ({ store, other, namespace }) => {
    await store.put("key", toBytes("value"));
    await store.put("whole", toBytes("whole"));
    await damage({ namespace, key: "key" });

    expect((await other.list()).entries.map(({ key }) => key)).toContain("whole");
    expect(toText(await other.get("whole"))).toBe("whole");
  });
  check("fault.corrupt-mended", async ({ store, other, namespace }) => {
    await store.put("a", toBytes("value"));
    await store.put("b", toBytes("value"));
    await damage({ namespace, key: "a" });
    await damage({ namespace, key: "b" });
    await store.put("a", toBytes("again"));

    expect(toText(await other.get("a"))).toBe("again");
    expect(await other.delete("b")).toBe(true);
    expect(await store.get("b")).toBeUndefined();
    expect((await store.list()).entries.map(({ key }) => key)).toEqual(["a"]);
  });
  check("fault.corrupt-revision", async ({ store, namespace }) => {
    const { revision } = await store.put("key", toBytes("value"));
    await damage({ namespace, key: "key" });
    const over = [store.put("key", toBytes("2"), { ifRevision: revision })];
    over.push(store.put("key", toBytes("2"), { ifRevision: null }));

    for (const { status } of await Promise.allSettled(over)) expect(status).toBe("rejected");
    await expectCode(store.get("key"), "STORAGE_CORRUPT");
  });
}

async function aDayEarlier(body: () => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    vi.setSystemTime(Date.now() - DAY_MS);
    await body();
  } finally {
    vi.useRealTimers();
  }
}

function testClocks({ check }: Harness): void {
  check("fault.clock-back", async ({ store, other }) => {
    await store.put("stays", toBytes("1"));
    await store.put("goes", toBytes("1"), { ttlSeconds: 500 });
    await aDayEarlier(async () => {
      await store.put("new", toBytes("1"));

      const { entries } = await other.list();
      expect(entries.map(({ key }) => key)).toEqual(["goes", "new", "stays"]);
      expect(toText(await other.get("stays"))).toBe("1");
      expect(await other.delete("stays")).toBe(true);
    });
    expect((await store.list()).entries.map(({ key }) => key)).toEqual(["goes", "new"]);
  });
  check("fault.clock-order", async ({ store, other }) => {
    const { revision } = await store.put("key", toBytes("first"));
    await aDayEarlier(async () => {
      await other.put("key", toBytes("second"), { ifRevision: revision });
    });

    expect(toText(await store.get("key"))).toBe("second");
    await expectCode(
      store.put("key", toBytes("third"), { ifRevision: revision }),
      "STORAGE_CONFLICT",
    );
  });
}

function testReaders({ check, createStorage }: Harness): void {
  check("fault.expired-reading", async ({ store }) => {
    const text = "a".repeat(3_000_000);
    await store.put("key", toBytes(text), { ttlSeconds: 0.5 });
    const read = await store.read("key");
    const reading = read?.chunks[Symbol.asyncIterator]();
    const first = await reading?.next();
    await sleep(600);
    const rest = await readAll(reading && { [Symbol.asyncIterator]: () => reading });

    expect(Buffer.from(first?.value ?? []).toString() + rest === text).toBe(true);
    expect(await store.get("key")).toBeUndefined();
  });
  check("fault.source-dies", async ({ store, other }) => {
    await expect(store.write("key", dyingSource())).rejects.toThrow("the source is gone");

    expect(await other.get("key")).toBeUndefined();
    expect(await other.list()).toEqual({ entries: [] });
    expect(await store.put("key", toBytes("1"), { ifRevision: null })).toMatchObject({ size: 1 });
  });
  check("fault.prefix-alike", async ({ store, namespace }) => {
    await using alike = createStorage({ place: `alike-${namespace}` });
    await using longer = createStorage({ place: `alike-${namespace}-more` });
    await store.put("key", toBytes("1"));
    await alike.open(namespace).put("key", toBytes("2"));

    expect(await longer.open(namespace).list()).toEqual({ entries: [] });
    expect(await longer.open(namespace).delete("key")).toBe(false);
    expect(toText(await alike.open(namespace).get("key"))).toBe("2");
    expect(toText(await store.get("key"))).toBe("1");
  });
}

async function* dyingSource(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(3_000_000);
  throw new Error("the source is gone");
}
