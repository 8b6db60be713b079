import { hash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { createMemoryStorage } from "../../src/index.ts";
import { inChunks, keysOf, open } from "./opened-artifacts.ts";

describe("what was saved is loaded", () => {
  const BYTES = new Uint8Array([0, 255, 128, 10]);

  test.each([
    ["text", "a\u0000b\r\n\ufeff\u{1f600}", "text/plain; charset=utf-8", "text"],
    ["no text", "", "text/plain; charset=utf-8", "text"],
    ["text that looks like JSON", '{"a":1}', "text/plain; charset=utf-8", "text"],
    ["bytes", BYTES, "application/octet-stream", "bytes"],
    ["an object", { a: [1, null, "x"] }, "application/json", "json"],
    ["null", null, "application/json", "json"],
    ["a number", 0, "application/json", "json"],
    ["false", false, "application/json", "json"],
  ])("%s", async (...[, data, contentType, kind]) => {
    const { artifacts } = open();

    const entry = await artifacts.save("x", data);
    const loaded = await artifacts.load("x");

    expect(entry).toMatchObject({ name: "x", version: 1, contentType, kind, metadata: {} });
    expect(loaded instanceof Uint8Array ? new Uint8Array(loaded) : loaded).toEqual(data);
  });

  test.each([
    ["text/csv", "a,b\n", "a,b\n"],
    ["application/json", '{"a":1}', { a: 1 }],
    ["application/vnd.api+json; charset=utf-8", "[1]", [1]],
    ["application/json", "{no json", "{no json"],
  ])("a stream of %s comes back by its type", async (contentType, text, expected) => {
    const { artifacts } = open();

    await artifacts.save("x", inChunks(text.slice(0, 2), text.slice(2)), { contentType });

    await expect(artifacts.load("x")).resolves.toEqual(expected);
  });

  test("a stream that calls itself text and is none comes back as bytes", async () => {
    const { artifacts } = open();

    await artifacts.save("x", inChunks(new Uint8Array([255, 254])), { contentType: "text/plain" });

    const loaded = await artifacts.load("x");
    expect(loaded).toBeInstanceOf(Uint8Array);
    expect([...(loaded instanceof Uint8Array ? loaded : [])]).toEqual([255, 254]);
  });

  test("description, metadata, type, size and digest are kept", async () => {
    const { artifacts } = open();
    const metadata = { source: "scan", tags: ["a"] };

    await artifacts.save("r.csv", "a,b", {
      description: "A table",
      metadata,
      contentType: "text/csv",
    });

    expect(await artifacts.get("r.csv")).toEqual({
      name: "r.csv",
      version: 1,
      size: 3,
      kind: "text",
      contentType: "text/csv",
      description: "A table",
      metadata,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      digest: `sha256:${hash("sha256", "a,b")}`,
    });
  });
});

describe("versions", () => {
  test("each save is a new version, the old ones stay as they were", async () => {
    const { artifacts } = open();
    await artifacts.save("x", "one", { description: "first" });
    const second = await artifacts.save("x", [2]);

    const versions = await artifacts.versions("x");

    expect(second.version).toBe(2);
    expect(versions.map(({ version, description }) => [version, description])).toEqual([
      [2, ""],
      [1, "first"],
    ]);
    await expect(artifacts.load("x")).resolves.toEqual([2]);
    await expect(artifacts.load("x", { version: 1 })).resolves.toBe("one");
    expect((await artifacts.get("x"))?.createdAt).toBe(versions[1]?.createdAt);
  });

  test("the oldest go when there are more than are kept, and their bytes with them", async () => {
    const { artifacts, storage } = open({ maxVersions: 2 });

    // oxlint-disable-next-line no-await-in-loop -- versions are in order
    for (const text of ["1", "2", "3"]) await artifacts.save("x", text);

    expect((await artifacts.versions("x")).map(({ version }) => version)).toEqual([3, 2]);
    await expect(artifacts.load("x", { version: 1 })).rejects.toMatchObject({
      code: "ARTIFACT_NOT_FOUND",
      message: expect.stringContaining("2, 3"),
    });
    expect(await keysOf(storage, "data/")).toHaveLength(2);
  });

  test("eight writers at once lose nothing", async () => {
    const storage = createMemoryStorage();
    const writers = Array.from({ length: 8 }, () => open({ storage, maxVersions: 100 }).artifacts);

    const saves = writers.flatMap((writer, index) =>
      Array.from({ length: 5 }, (_, round) => writer.save("x", `${index}.${round}`)),
    );
    const numbers = (await Promise.all(saves)).map(({ version }) => version);

    expect(numbers.toSorted((a, b) => a - b)).toEqual(saves.map((_, index) => index + 1));
    const texts = await Promise.all(
      numbers.map((version) => open({ storage }).artifacts.load("x", { version })),
    );
    expect(new Set(texts).size).toBe(40);
  });

  test("a save over another version than the one expected is refused", async () => {
    const { artifacts, storage } = open();
    await artifacts.save("x", "1", { ifVersion: 0 });

    const stale = artifacts.save("x", "other", { ifVersion: 0 });

    await expect(stale).rejects.toMatchObject({
      code: "STORAGE_CONFLICT",
      message: expect.stringContaining("version 1"),
    });
    expect(await keysOf(storage, "data/")).toHaveLength(1);
    await expect(artifacts.save("x", "2", { ifVersion: 1 })).resolves.toMatchObject({ version: 2 });
  });
});

describe("ranges", () => {
  test("ranges of text side by side are the whole, each character once", async () => {
    const { artifacts } = open();
    const text = "aä€\u{1f600}b".repeat(20);
    await artifacts.save("t", text);

    for (const step of [1, 2, 3, 5, 7]) {
      let read = "";
      for (let start = 0; start < Buffer.byteLength(text); start += step) {
        // oxlint-disable-next-line no-await-in-loop -- one after another, as a reader goes on
        const { data } = await artifacts.part("t", { start, end: start + step });
        read += typeof data === "string" ? data : "no text";
      }

      expect(read).toBe(text);
    }
  });

  test("a part says which bytes it is", async () => {
    const { artifacts } = open();
    await artifacts.save("t", "a€b");

    const part = await artifacts.part("t", { start: 2, end: 5 });

    expect(part).toMatchObject({ data: "b", start: 4, end: 5, entry: { size: 5 } });
  });

  test("of bytes they are exact, of JSON they are text, beyond the end there is nothing", async () => {
    const { artifacts } = open();
    await artifacts.save("b", new Uint8Array([1, 2, 3, 4]));
    await artifacts.save("j", { a: 1 });

    const bytes = await artifacts.load("b", { start: 1, end: 3 });

    expect([...(bytes instanceof Uint8Array ? bytes : [])]).toEqual([2, 3]);
    await expect(artifacts.load("j", { start: 1 })).resolves.toBe('"a":1}');
    await expect(artifacts.load("j", { start: 100 })).resolves.toBe("");
  });

  test.each([{ start: -1 }, { end: 1.5 }, { start: Number.NaN }])(
    "%o is refused",
    async (range) => {
      const { artifacts } = open();
      await artifacts.save("x", "text");

      await expect(artifacts.load("x", range)).rejects.toMatchObject({ code: "INVALID_ARGUMENTS" });
    },
  );

  test("what is too large to load whole is refused with how to read it", async () => {
    const { artifacts } = open({ maxLoadBytes: 3 });
    await artifacts.save("x", "abcdef");

    await expect(artifacts.load("x")).rejects.toMatchObject({
      code: "STORAGE_LIMIT",
      message: expect.stringContaining("{ start: 0, end: 3 }"),
    });
    await expect(artifacts.load("x", { start: 3, end: 6 })).resolves.toBe("def");
  });
});

describe("finding", () => {
  test("pages are in the order of names and go on where they ended", async () => {
    const { artifacts } = open();
    await Promise.all(["b/2", "a", "b/1", "c"].map((name) => artifacts.save(name, name)));

    const first = await artifacts.list({ limit: 3 });
    const rest = await artifacts.list({ limit: 3, ...(first.next && { after: first.next }) });
    const inside = await artifacts.list({ prefix: "b/" });

    expect(first.artifacts.map(({ name }) => name)).toEqual(["a", "b/1", "b/2"]);
    expect(rest.artifacts.map(({ name }) => name)).toEqual(["c"]);
    expect(rest.next).toBeUndefined();
    expect(inside.artifacts.map(({ name }) => name)).toEqual(["b/1", "b/2"]);
  });

  test("a search looks at names, descriptions and metadata", async () => {
    const { artifacts } = open();
    await artifacts.save("salesReport.csv", "", {});
    await artifacts.save("x", "", { description: "Figures of all sales in March" });
    await artifacts.save("y", "", { metadata: { topic: "sales" } });
    await artifacts.save("other", "");

    const names = (await artifacts.search("sales")).map(({ name }) => name);

    expect(names).toEqual(["salesReport.csv", "x", "y"]);
    expect(await artifacts.search("sales", { limit: 1 })).toHaveLength(1);
    expect(await artifacts.search("  ")).toEqual([]);
  });

  test("a changed artifact is found as it is now", async () => {
    const storage = createMemoryStorage();
    const reader = open({ storage }).artifacts;
    const writer = open({ storage }).artifacts;
    await writer.save("x", "", { description: "old" });
    await reader.search("old");

    await writer.save("x", "", { description: "new" });

    expect(await reader.search("old")).toEqual([]);
    expect(await reader.search("new")).toHaveLength(1);
  });

  test("a name that is not there is answered with the one that was meant", async () => {
    const { artifacts } = open();
    await artifacts.save("report.json", {});

    expect(await artifacts.exists("reprot.json")).toBe(false);
    expect(await artifacts.get("reprot.json")).toBeUndefined();
    expect(await artifacts.versions("reprot.json")).toEqual([]);
    await expect(artifacts.load("reprot.json")).rejects.toMatchObject({
      code: "ARTIFACT_NOT_FOUND",
      message: expect.stringContaining('Did you mean "report.json"?'),
    });
  });

  test("a record that is broken hides no other, and says so when asked for", async () => {
    const { artifacts, storage } = open();
    await artifacts.save("good", "");
    await storage.open("artifacts").put("head/bad", Buffer.from("{}"));

    const { artifacts: listed } = await artifacts.list();

    expect(listed.map(({ name }) => name)).toEqual(["good"]);
    await expect(artifacts.load("bad")).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
  });
});

test("a name that is not there is answered with those that are", async () => {
  const { artifacts } = open();
  await expect(artifacts.load("x")).rejects.toThrow(/There are no artifacts yet\.$/);

  for (let n = 1; n <= 11; n++) {
    // oxlint-disable-next-line no-await-in-loop -- one after another, as programs save
    await artifacts.save(`report-${n}.json`, n);
  }

  await expect(artifacts.load("zzz")).rejects.toThrow(/There are "report-1\.json", .*, \.\.\.\.$/);
});
