import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createStorageFromConfig } from "../src/create-storage.ts";
import { loadConfig } from "../src/load-config.ts";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-storage-"));
});
afterEach(() => rm(cwd, { recursive: true }));

const VALUE = new TextEncoder().encode("value");
const write = (config: object): Promise<void> =>
  writeFile(join(cwd, "codemode.config.json"), JSON.stringify(config));

test("without a config file values are kept in memory", async () => {
  await using storage = createStorageFromConfig(await loadConfig({ cwd, env: {} }));
  await storage.open("skills").put("a", VALUE);

  expect(await readdir(cwd)).toEqual([]);
});

test("beside a config file they are kept in .codemode, made with the first of them", async () => {
  await write({});
  await using storage = createStorageFromConfig(await loadConfig({ cwd, env: {} }));
  await storage.open("skills").list();
  expect(await readdir(cwd)).toEqual(["codemode.config.json"]);

  await storage.open("skills").put("a", VALUE);

  expect(await readdir(join(cwd, ".codemode"))).toEqual(["skills"]);
});

test("path and limits are those of the file", async () => {
  await write({ storage: { type: "file", path: "kept", max_value_bytes: 5 } });
  await using storage = createStorageFromConfig(await loadConfig({ cwd, env: {} }));
  await storage.open("skills").put("a", VALUE);

  expect(await readdir(join(cwd, "kept"))).toEqual(["skills"]);
  await expect(storage.open("skills").put("a", Buffer.alloc(6))).rejects.toMatchObject({
    code: "STORAGE_LIMIT",
  });
});

test("keys of another type, a missing url and misspelt keys are told", async () => {
  await write({ storage: { type: "redis", path: "x" } });
  await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(
    /storage\.url: is needed by type "redis".*\n.*storage\.path: is for type "file", not for "redis"/,
  );
  await write({ storage: { typ: "file" } });
  await expect(loadConfig({ cwd, env: {} })).rejects.toThrow('Did you mean "type"?');
});
