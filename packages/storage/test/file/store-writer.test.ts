import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { withProcessLock } from "@codemode/core/node";
import { afterEach, beforeEach, expect, test } from "vitest";

import { keyToFileName } from "../../src/file/file-name.ts";
import { createFileStorage } from "../../src/index.ts";

let path = "";
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "store-writer-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

test("a write that waits too long for another process is told, and leaves nothing", async () => {
  await using storage = createFileStorage({ path, lockTimeoutMs: 30 });
  const store = storage.open("values");
  await store.put("key", new Uint8Array([1]));
  const folder = join(path, "values", "locks");

  await withProcessLock({ folder, name: keyToFileName("key") }, async () => {
    await expect(store.put("key", new Uint8Array([2]))).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
      retryable: true,
    });
  });

  expect(await readdir(folder)).toEqual([]);
});
