import { expect, test } from "vitest";

import { createMemoryStorage } from "../src/memory-storage.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a value is got as it was put, and a copy each time", async () => {
  await using storage = createMemoryStorage();
  const store = storage.open("skills");
  const { revision } = await store.put("a", bytes("one"));
  (await store.get("a"))?.value.fill(0);

  expect(await store.get("a")).toMatchObject({ value: bytes("one"), revision, size: 3 });
});

test("a put on another revision is refused", async () => {
  await using storage = createMemoryStorage();
  const store = storage.open("skills");
  const { revision } = await store.put("a", bytes("1"), { ifRevision: null });
  await store.put("a", bytes("2"), { ifRevision: revision });

  await expect(store.put("a", bytes("3"), { ifRevision: revision })).rejects.toMatchObject({
    code: "STORAGE_CONFLICT",
  });
});
