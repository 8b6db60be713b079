import { describe, expect, test, vi } from "vitest";

import { inChunks, keysOf, open } from "./opened-artifacts.ts";

describe("deletion and time", () => {
  test("a deletion takes every version and its bytes", async () => {
    const { artifacts, storage } = open();
    await artifacts.save("x", "1");
    await artifacts.save("x", "2");

    expect(await artifacts.delete("x")).toBe(true);

    expect(await artifacts.delete("x")).toBe(false);
    expect(await artifacts.exists("x")).toBe(false);
    expect(await keysOf(storage, "head/")).toEqual([]);
    expect(await keysOf(storage, "data/")).toEqual([]);
  });

  test("an artifact is gone when its time is up, and may begin anew", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const { artifacts } = open();
      await artifacts.save("x", "1");
      const entry = await artifacts.save("x", "2", { ttlSeconds: 10 });
      expect(Date.parse(entry.expiresAt ?? "") - Date.now()).toBe(10_000);

      vi.setSystemTime(Date.now() + 10_001);

      expect(await artifacts.exists("x")).toBe(false);
      expect((await artifacts.list()).artifacts).toEqual([]);
      await expect(artifacts.load("x")).rejects.toMatchObject({ code: "ARTIFACT_NOT_FOUND" });
      await expect(artifacts.save("x", "3")).resolves.toMatchObject({ version: 1 });
    } finally {
      vi.useRealTimers();
    }
  });

  test("a later save without a time keeps the artifact", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const { artifacts } = open();
      await artifacts.save("x", "1", { ttlSeconds: 10 });
      await artifacts.save("x", "2");

      vi.setSystemTime(Date.now() + 100_000);

      await expect(artifacts.load("x")).resolves.toBe("2");
      expect((await artifacts.versions("x")).map(({ version }) => version)).toEqual([2]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("quota", () => {
  test("what does not fit is refused with the quota and what is used, and nothing of it stays", async () => {
    const { artifacts, storage } = open({ quotaBytes: 10_000 });
    await artifacts.save("x", "x".repeat(6_000));

    for (const data of ["y".repeat(5_000), inChunks("y".repeat(2_000), "y".repeat(3_000))]) {
      // oxlint-disable-next-line no-await-in-loop -- each with the quota to itself
      await expect(artifacts.save("y", data)).rejects.toMatchObject({
        code: "STORAGE_LIMIT",
        message: expect.stringContaining("of their quota of 10000 bytes"),
        details: { quotaBytes: 10_000 },
      });
    }

    expect(await keysOf(storage, "data/")).toHaveLength(1);
    await expect(artifacts.save("y", "y".repeat(2_000))).resolves.toMatchObject({ size: 2_000 });
  });

  test("deleting makes room", async () => {
    const { artifacts } = open({ quotaBytes: 10_000 });
    await artifacts.save("x", "x".repeat(8_000));
    await artifacts.delete("x");

    await expect(artifacts.save("y", "y".repeat(8_000))).resolves.toMatchObject({ size: 8_000 });
  });

  test("saves at the same time do not share the last bytes", async () => {
    const { artifacts } = open({ quotaBytes: 10_000 });

    const saves = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => artifacts.save(`x${index}`, "x".repeat(4_000))),
    );

    expect(saves.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  });

  test("what an interrupted save left behind is swept, what is new is not", async () => {
    const { artifacts, storage } = open({ quotaBytes: 10_000 });
    await artifacts.save("x", "kept");
    await storage.open("artifacts").put("data/x/left", Buffer.alloc(8_000));
    expect(await artifacts.sweep()).toBe(0);
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      vi.setSystemTime(Date.now() + 2 * 3_600_000);

      await expect(artifacts.save("y", "y".repeat(8_000))).resolves.toMatchObject({ size: 8_000 });
    } finally {
      vi.useRealTimers();
    }
    await expect(artifacts.load("x")).resolves.toBe("kept");
  });

  test("artifacts without data, and what is said of them, count too", async () => {
    const { artifacts } = open({ quotaBytes: 100_000 });
    const metadata = { text: "x".repeat(8_000) };

    const saves = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => artifacts.save(`x${index}`, "", { metadata })),
    );
    const bare = open({ quotaBytes: 10_000 }).artifacts;
    const empty = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => bare.save(`x${index}`, "")),
    );

    expect(saves.filter(({ status }) => status === "fulfilled").length).toBeLessThan(15);
    expect(empty.filter(({ status }) => status === "fulfilled").length).toBeLessThan(25);
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from("half"));
  throw new Error("the disk is gone");
}

describe("names and options", () => {
  test.each([
    "../x",
    "/etc/passwd",
    "con",
    "__proto__",
    "a/b c/ä",
    "\u{1f600}\u{1f600}",
    "n".repeat(300),
    "..",
    "%2e%2e",
    " ",
  ])("%j is a name like any other", async (name) => {
    const { artifacts } = open();

    await artifacts.save(name, { name });

    await expect(artifacts.load(name)).resolves.toEqual({ name });
    expect((await artifacts.list()).artifacts.map((entry) => entry.name)).toEqual([name]);
    expect(await artifacts.delete(name)).toBe(true);
  });

  test.each(["", "a\u0000b", "a\nb", "\ud800", "\u{1f600}".repeat(300)])(
    "a name that no file system should see is refused everywhere: %#",
    async (name) => {
      const { artifacts, storage } = open();
      const refused = { code: "STORAGE_KEY_INVALID" };

      await expect(artifacts.save(name, "x")).rejects.toMatchObject(refused);
      await expect(artifacts.load(name)).rejects.toMatchObject(refused);
      await expect(artifacts.stream(name)).rejects.toMatchObject(refused);
      await expect(artifacts.get(name)).rejects.toMatchObject(refused);
      await expect(artifacts.delete(name)).rejects.toMatchObject(refused);
      await expect(artifacts.versions(name)).rejects.toMatchObject(refused);
      expect(await keysOf(storage, "head/")).toEqual([]);
      expect(await keysOf(storage, "data/")).toEqual([]);
    },
  );

  test.each([
    { description: "x".repeat(2_001) },
    { metadata: { x: "x".repeat(20_000) } },
    { contentType: "text/plain\r\nX-Evil: 1" },
    { contentType: "nonsense" },
    { ttlSeconds: 0 },
    { ttlSeconds: Number.NaN },
    { ifVersion: -1 },
  ])("options that cannot be kept are refused: %#", async (options) => {
    const { artifacts, storage } = open();

    await expect(artifacts.save("x", "x", options)).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
    });
    expect(await keysOf(storage, "head/")).toEqual([]);
    expect(await keysOf(storage, "data/")).toEqual([]);
  });

  test("text with half a character is refused, not changed", async () => {
    const { artifacts } = open();

    await expect(artifacts.save("x", "\ud800")).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
    });
  });

  test("a source that fails leaves nothing behind and its error comes through", async () => {
    const { artifacts, storage } = open();
    await expect(artifacts.save("x", failing())).rejects.toThrow("the disk is gone");

    expect(await keysOf(storage, "head/")).toEqual([]);
    expect(await keysOf(storage, "data/")).toEqual([]);
    expect(await artifacts.exists("x")).toBe(false);
  });
});
