import { appendFile, copyFile, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createFileStorage } from "../src/file-storage.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-storage-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("nothing is created before the first write", async () => {
  const path = join(folder, "lazy");
  await using storage = createFileStorage({ path });
  const store = storage.open("skills");

  expect(await store.get("a")).toBeUndefined();
  expect(await store.list()).toEqual({ entries: [] });
  expect(await readdir(folder)).not.toContain("lazy");
});

test("another storage of the same folder sees what was put", async () => {
  const path = join(folder, "shared");
  await using one = createFileStorage({ path });
  await using other = createFileStorage({ path });
  const put = await one.open("skills").put("../A.b", bytes("text"));

  expect(await other.open("skills").get("../A.b")).toEqual({ ...put, value: bytes("text") });
  expect((await other.open("skills").list()).entries).toEqual([put]);
  expect(await readdir(join(path, "skills", "values"))).toEqual(["%2e%2e%2f%41%2eb"]);
  expect(await readdir(join(path, "skills", "temporary"))).toEqual([]);
  expect(await readdir(join(path, "skills", "locks"))).toEqual([]);
});

test("of many writers on one revision, one wins", async () => {
  const path = join(folder, "race");
  await using one = createFileStorage({ path });
  await using other = createFileStorage({ path });
  const attempts = Array.from({ length: 20 }, (_, index) =>
    (index % 2 === 0 ? one : other)
      .open("skills")
      .put("a", bytes(String(index)), { ifRevision: null }),
  );
  const results = await Promise.allSettled(attempts);

  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("folders that somebody removed are made again", async () => {
  const path = join(folder, "removed");
  await using storage = createFileStorage({ path });
  const store = storage.open("skills");
  await store.put("a", bytes("1"));
  await rm(path, { recursive: true });

  await store.put("a", bytes("2"));

  expect((await store.get("a"))?.value).toEqual(bytes("2"));
});

test("a folder that is a file is an error that names no path", async () => {
  await using storage = createFileStorage({ path: import.meta.filename });

  const error: unknown = await storage
    .open("skills")
    .put("a", bytes("1"))
    .catch((e: unknown) => e);

  expect(error).toMatchObject({ code: "STORAGE_UNAVAILABLE", retryable: true });
  expect(String(error)).not.toContain(import.meta.filename);
});

test("watching tells of another storage's changes", async () => {
  const path = join(folder, "watched");
  await using one = createFileStorage({ path });
  await using other = createFileStorage({ path });
  const seen: unknown[] = [];
  await one.open("skills").watch({ prefix: "a" }, (change) => seen.push(change));
  await other.open("skills").put("b", bytes("1"));
  await other.open("skills").put("a", bytes("1"));
  await expect.poll(() => seen).toEqual([{ type: "put", key: "a" }]);
  await other.open("skills").delete("a");

  await expect.poll(() => seen.at(-1)).toEqual({ type: "delete", key: "a" });
});

test("a damaged file is told, left out of lists, and can be replaced or deleted", async () => {
  const path = join(folder, "damaged");
  await using storage = createFileStorage({ path });
  const store = storage.open("skills");
  const values = join(path, "skills", "values");
  for (const key of ["a", "b", "c", "whole"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    await store.put(key, bytes("value"));
  }
  await writeFile(join(values, "a"), "nothing of ours");
  await appendFile(join(values, "b"), "more");
  await copyFile(join(values, "whole"), join(values, "c"));
  await writeFile(join(values, ".DS_Store"), "foreign");

  for (const key of ["a", "b", "c"]) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is not told is shown
    await expect(store.get(key)).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
  }
  expect((await store.list()).entries.map(({ key }) => key)).toEqual(["whole"]);
  await store.put("a", bytes("again"));
  expect((await store.get("a"))?.value).toEqual(bytes("again"));
  expect(await store.delete("b")).toBe(true);
  expect(await store.get("b")).toBeUndefined();
});

test("values whose time is up are removed when they are listed", async () => {
  const path = join(folder, "expired");
  const storage = createFileStorage({ path });
  const store = storage.open("skills");
  await store.put("a", bytes("1"), { ttlSeconds: 0.01 });
  await store.put("b", bytes("1"));
  await expect.poll(() => store.get("a")).toBeUndefined();
  await store.list();
  await storage[Symbol.asyncDispose]();

  expect(await readdir(join(path, "skills", "values"))).toEqual(["b"]);
});

test("files are for their owner alone", async () => {
  const path = join(folder, "private");
  await using storage = createFileStorage({ path });
  await storage.open("skills").put("a", bytes("1"));
  const modes = ["", "skills", "skills/values/a"].map(
    async (name) => (await stat(join(path, name))).mode & 0o777,
  );

  expect(await Promise.all(modes)).toEqual([0o700, 0o700, 0o600]);
});
