import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll } from "vitest";

import { createFileStorage } from "../src/file-storage.ts";
import { describeStorageConformance } from "../src/testing/index.ts";

const folder = mkdtempSync(join(tmpdir(), "storage-conformance-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

describeStorageConformance({
  name: "files",
  createStorage: ({ place, ...limits }) =>
    createFileStorage({ path: join(folder, place), ...limits }),
  damage: ({ place, namespace, key }) =>
    writeFile(join(folder, place, namespace, "values", key), "nothing of ours"),
});
