import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { ArtifactStore, Storage, Store } from "../../src/index.ts";
import { createArtifactStore, createMemoryStorage } from "../../src/index.ts";
import { keysOf } from "./opened-artifacts.ts";

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function later(hours: number): void {
  vi.setSystemTime(Date.now() + hours * HOUR_MS);
}

/** The same storage, for a writer to whom something happens before it puts such a key. */
function interrupted(storage: Storage, such: RegExp, happens: () => Promise<unknown>): Storage {
  let isDue = true;
  const open = (namespace: string): Store => {
    const store = storage.open(namespace);
    return {
      ...store,
      put: async (key, ...rest) => {
        if (isDue && such.test(key)) {
          isDue = false;
          await happens();
        }
        return await store.put(key, ...rest);
      },
    };
  };
  return { open, [Symbol.asyncDispose]: async () => {} };
}

async function openOld(): Promise<{ storage: Storage; artifacts: ArtifactStore }> {
  const storage = createMemoryStorage();
  const artifacts = createArtifactStore({ storage });
  await artifacts.save("report", "first");
  later(2);
  return { storage, artifacts };
}

test("bytes without a name are swept when they are old, and none that have one", async () => {
  const { storage, artifacts } = await openOld();
  const store = storage.open("artifacts");
  await store.put("data/report/left", Buffer.from("left"));
  await store.put("data/never/left", Buffer.from("left"));
  expect(await artifacts.sweep()).toBe(0);
  later(2);

  expect(await artifacts.sweep()).toBe(2);
  expect(await keysOf(storage, "data/")).toHaveLength(1);
  expect(await artifacts.load("report")).toBe("first");
});

test("a save that slept through a sweep is told, and leaves no version without bytes", async () => {
  const { storage, artifacts } = await openOld();
  const sleeping = interrupted(storage, /^head/u, async () => {
    later(2);
    expect(await artifacts.sweep()).toBe(1);
  });
  const writer = createArtifactStore({ storage: sleeping });

  await expect(writer.save("report", "second")).rejects.toMatchObject({
    code: "STORAGE_UNAVAILABLE",
    retryable: true,
    message: expect.stringContaining("Save it again"),
  });
  expect((await artifacts.versions("report")).map(({ version }) => version)).toEqual([1]);
  expect(await artifacts.load("report")).toBe("first");
  expect(await writer.save("report", "second")).toMatchObject({ version: 2 });
});

test("the first version of a name that slept through a sweep leaves no name", async () => {
  const { storage, artifacts } = await openOld();
  const sleeping = interrupted(storage, /^head/u, async () => {
    later(2);
    await artifacts.sweep();
  });

  await expect(createArtifactStore({ storage: sleeping }).save("new", "data")).rejects.toThrow(
    "Save it again",
  );
  expect(await artifacts.exists("new")).toBe(false);
});

test("what is named while it is being swept stays", async () => {
  const { storage, artifacts } = await openOld();
  const store = storage.open("artifacts");
  const head = await store.get("head/report");
  const named = Buffer.from(head?.value ?? []).toString();
  await store.delete("head/report");
  // The record is back right before the sweep marks the bytes.
  const racing = interrupted(storage, /^swept\/(?!clock)/u, () =>
    store.put("head/report", Buffer.from(named)),
  );
  later(2);

  expect(await createArtifactStore({ storage: racing }).sweep()).toBe(0);
  expect(await artifacts.load("report")).toBe("first");
});

test("a record that cannot be read keeps its bytes, and does not stop the sweep of others", async () => {
  const { storage, artifacts } = await openOld();
  const store = storage.open("artifacts");
  await store.put("head/report", Buffer.from("{"));
  await store.put("data/z/left", Buffer.from("left"));
  later(2);

  expect(await artifacts.sweep()).toBe(1);
  expect(await keysOf(storage, "data/report/")).toHaveLength(1);
});

test("who saves sweeps once a day", async () => {
  const { storage, artifacts } = await openOld();
  await storage.open("artifacts").put("data/z/left", Buffer.from("left"));
  later(3);
  await artifacts.save("report", "soon");
  expect(await keysOf(storage, "data/z/")).toHaveLength(1);
  later(25);
  await artifacts.save("report", "next day");

  await expect.poll(() => keysOf(storage, "data/z/")).toEqual([]);
  expect((await artifacts.versions("report")).length).toBe(3);
});

test("an artifact whose record is damaged can be deleted, as its error says, and saved anew", async () => {
  const { storage, artifacts } = await openOld();
  await storage.open("artifacts").put("head/report", Buffer.from("{"));
  await expect(artifacts.load("report")).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });

  expect(await artifacts.delete("report")).toBe(true);
  expect(await artifacts.delete("report")).toBe(false);
  expect(await artifacts.save("report", "anew")).toMatchObject({ version: 1 });
  later(2);
  expect(await artifacts.sweep()).toBe(1);
  expect(await artifacts.load("report")).toBe("anew");
});
