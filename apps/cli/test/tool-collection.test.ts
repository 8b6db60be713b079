import { createMemoryStorage } from "@codemode/storage";
import { expect, test } from "vitest";

import { createToolCollection } from "../src/store/tool-collection.ts";

test("tool files of a store are all seen, however many there are", async () => {
  await using storage = createMemoryStorage();
  const store = storage.open("tools");
  const names = Array.from({ length: 10_001 }, (_, index) => `tool-${index}.yaml`);
  await Promise.all(names.map((name) => store.put(name, Buffer.from(name))));

  const stored = await createToolCollection(storage, "/none").stored();

  expect(stored.size).toBe(names.length);
  expect(stored.has("tool-10000.yaml")).toBe(true);
});
