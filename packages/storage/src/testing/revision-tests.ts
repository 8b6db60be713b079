import { expect } from "vitest";

import type { Store, StoredEntry } from "../storage.ts";
import type { Harness } from "./harness.ts";
import { expectCode, readAll, toBytes, toText } from "./harness.ts";

/** How writers keep out of each other's way. */
export function testRevisions(harness: Harness): void {
  testTold(harness);
  testPuts(harness);
  testDeletions(harness);
  testRaces(harness);
}

function testTold({ check }: Harness): void {
  check("revision.same", async ({ store }) => {
    const { revision } = await store.put("key", toBytes("value"));
    const read = await store.read("key");
    await readAll(read?.chunks);
    const { entries } = await store.list();

    const told = [await store.get("key"), await store.stat("key"), read, ...entries];
    expect(told.map((entry) => entry?.revision)).toEqual(Array(4).fill(revision));
  });
  check("revision.differs", async ({ store }) => {
    const entries: StoredEntry[] = [];
    for (let n = 0; n < 10; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      entries.push(await store.put("key", toBytes("same")));
    }

    expect(new Set(entries.map(({ revision }) => revision)).size).toBe(10);
  });
  check("revision.after-delete", async ({ store }) => {
    const before = await store.put("key", toBytes("same"));
    await store.delete("key");
    const after = await store.put("key", toBytes("same"));

    expect(after.revision).not.toBe(before.revision);
  });
}

const source = (): AsyncIterable<Uint8Array> => new Blob(["streamed"]).stream();

function testPuts({ check }: Harness): void {
  check("cas.create", async ({ store }) => {
    await store.put("key", toBytes("value"), { ifRevision: null });

    expect(toText(await store.get("key"))).toBe("value");
  });
  check("cas.create-refused", async ({ store }) => {
    await store.put("key", toBytes("value"));

    await expectCode(store.put("key", toBytes("2"), { ifRevision: null }), "STORAGE_CONFLICT");
    expect(toText(await store.get("key"))).toBe("value");
  });
  check("cas.replace", async ({ store, other }) => {
    const { revision } = await store.put("key", toBytes("1"));
    await other.put("key", toBytes("2"), { ifRevision: revision });

    expect(toText(await store.get("key"))).toBe("2");
  });
  check("cas.stale", async ({ store }) => {
    const { revision } = await store.put("key", toBytes("1"));
    await store.put("key", toBytes("2"));

    await expectCode(store.put("key", toBytes("3"), { ifRevision: revision }), "STORAGE_CONFLICT");
    expect(toText(await store.get("key"))).toBe("2");
  });
  check("cas.absent", async ({ store }) => {
    const { revision } = await store.put("key", toBytes("1"));
    await store.delete("key");

    await expectCode(store.put("key", toBytes("2"), { ifRevision: revision }), "STORAGE_CONFLICT");
    expect(await store.get("key")).toBeUndefined();
  });
  check("cas.write", async ({ store }) => {
    const { revision } = await store.write("key", source(), { ifRevision: null });
    await expectCode(store.write("key", source(), { ifRevision: null }), "STORAGE_CONFLICT");
    await store.write("key", source(), { ifRevision: revision });

    await expectCode(store.write("key", source(), { ifRevision: revision }), "STORAGE_CONFLICT");
  });
}

function testDeletions({ check }: Harness): void {
  check("cas.delete", async ({ store }) => {
    const { revision } = await store.put("key", toBytes("1"));

    expect(await store.delete("key", { ifRevision: revision })).toBe(true);
    expect(await store.get("key")).toBeUndefined();
  });
  check("cas.delete-stale", async ({ store }) => {
    const { revision } = await store.put("key", toBytes("1"));
    await store.put("key", toBytes("2"));

    await expectCode(store.delete("key", { ifRevision: revision }), "STORAGE_CONFLICT");
    expect(toText(await store.get("key"))).toBe("2");
  });
  check("cas.delete-absent", async ({ store }) => {
    const { revision } = await store.put("key", toBytes("1"));
    await store.delete("key");

    await expectCode(store.delete("key", { ifRevision: revision }), "STORAGE_CONFLICT");
  });
}

async function race(
  { store, other }: { readonly store: Store; readonly other: Store },
  ifRevision: string | null,
): Promise<void> {
  const attempts = Array.from({ length: 20 }, async (_, index) => {
    await (index % 2 === 0 ? store : other).put("key", toBytes(String(index)), { ifRevision });
    return String(index);
  });
  const results = await Promise.allSettled(attempts);
  const winners = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  const losers = results.flatMap((result) =>
    result.status === "rejected" ? [Object(result.reason).code] : [],
  );
  expect(losers).toEqual(Array(19).fill("STORAGE_CONFLICT"));
  expect(winners).toEqual([toText(await store.get("key"))]);
}

function testRaces({ check }: Harness): void {
  check("cas.race-create", (stores) => race(stores, null));
  check("cas.race-replace", async (stores) => {
    const { revision } = await stores.store.put("key", toBytes("first"));
    await race(stores, revision);
  });
  check("cas.race-delete", async ({ store, other }) => {
    const { revision } = await store.put("key", toBytes("1"));
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? store : other).delete("key", { ifRevision: revision }),
      ),
    );

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
  check("cas.append", async ({ store, other }) => {
    await store.put("key", toBytes("[]"));
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; n < 5; n += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one after another
        await append(writer % 2 === 0 ? store : other, `${writer}-${n}`);
      }
    });
    await Promise.all(writers);

    const all: unknown = JSON.parse(toText(await store.get("key")) ?? "");
    const expected = Array.from({ length: 40 }, (_, n) => `${Math.floor(n / 5)}-${n % 5}`);
    expect(new Set(Object(all))).toEqual(new Set(expected));
    expect(all).toHaveLength(expected.length);
  });
}

async function append(store: Store, item: string): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- until nobody else was faster
    const stored = await store.get("key");
    const items: unknown = JSON.parse(toText(stored) ?? "[]");
    const value = toBytes(JSON.stringify([...Object(items), item]));
    // oxlint-disable-next-line no-await-in-loop -- until nobody else was faster
    const done = await store.put("key", value, { ifRevision: stored?.revision ?? null }).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: "STORAGE_CONFLICT" });
        return false;
      },
    );
    if (done) return;
  }
}
