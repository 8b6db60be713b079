import { createMemoryStorage } from "../src/memory-storage.ts";
import { describeStorageConformance } from "../src/testing/index.ts";

describeStorageConformance({
  name: "memory",
  createStorage: (limits) => createMemoryStorage(limits),
  shared: false,
});
