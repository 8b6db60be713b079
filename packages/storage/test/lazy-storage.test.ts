import { expect, test } from "vitest";

import { createLazyStorage } from "../src/lazy-storage.ts";
import { createMemoryStorage } from "../src/memory-storage.ts";
import { describeStorageConformance } from "../src/testing/index.ts";

describeStorageConformance({
  name: "made when first used",
  createStorage: (limits) => createLazyStorage(async () => createMemoryStorage(limits)),
  shared: false,
});

test("nothing is made before the first use, and one thing by many", async () => {
  let made = 0;
  await using storage = createLazyStorage(async () => {
    made += 1;
    return createMemoryStorage();
  });
  const store = storage.open("skills");
  expect(made).toBe(0);
  await Promise.all([store.list(), store.get("a"), storage.open("artifacts").list()]);

  expect(made).toBe(1);
});

test("what could not be made is tried again", async () => {
  let attempts = 0;
  await using storage = createLazyStorage(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("not yet");
    return createMemoryStorage();
  });
  const store = storage.open("skills");

  await expect(store.list()).rejects.toThrow("not yet");
  expect(await store.list()).toEqual({ entries: [] });
});
