import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";

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

test("a cluster is named by its nodes, in place of a url", async () => {
  const nodes = ["redis://127.0.0.1:1", "redis://127.0.0.1:2"];
  await write({ storage: { type: "redis", nodes, timeout_ms: 1_000 } });
  await using storage = createStorageFromConfig(await loadConfig({ cwd, env: {} }));

  await expect(storage.open("skills").get("a")).rejects.toMatchObject({
    code: "STORAGE_UNAVAILABLE",
  });
  await write({ storage: { type: "redis", nodes, url: nodes[0] } });
  await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(
    "storage.nodes: is in place of `url`: give one of them",
  );
});

test("redis is loaded and asked only when it is used, and its password is never told", async () => {
  const url = "redis://user:hidden-word@127.0.0.1:1/0";
  await write({ storage: { type: "redis", url, timeout_ms: 1_000 } });
  await using storage = createStorageFromConfig(await loadConfig({ cwd, env: {} }));
  const store = storage.open("skills");

  const error: unknown = await store.get("a").catch((failure: unknown) => failure);

  expect(error).toMatchObject({ code: "STORAGE_UNAVAILABLE", retryable: true });
  expect(String(error)).toContain("ECONNREFUSED");
  expect(inspect(error, { depth: 10 })).not.toContain("hidden-word");
});

test("a certificate that is not there is told by its name", async () => {
  const tls = { ca_file: "missing.pem" };
  await write({ storage: { type: "redis", url: "rediss://127.0.0.1:1", tls } });
  await using storage = createStorageFromConfig(await loadConfig({ cwd, env: {} }));

  await expect(storage.open("skills").get("a")).rejects.toThrow(
    'The file "missing.pem" of storage.tls cannot be read.',
  );
});

test("keys of another type, a missing url and misspelt keys are told", async () => {
  await write({ storage: { type: "redis", path: "x" } });
  await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(
    /storage\.url: is needed by type "redis".*\n.*storage\.path: is for type "file", not for "redis"/,
  );
  await write({ storage: { type: "redis", url: "localhost:6379" } });
  await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(
    'storage.url: must begin with "redis://" or "rediss://"',
  );
  await write({ storage: { typ: "file" } });
  await expect(loadConfig({ cwd, env: {} })).rejects.toThrow('Did you mean "type"?');
});
