import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { describe, expect, onTestFinished, test } from "vitest";

import { createArtifactStore, createFileStorage } from "../src/index.ts";
import type { SmallDisk } from "./small-disk.ts";
import { mountSmallDisk } from "./small-disk.ts";

const run = promisify(execFile);
const SOURCE = join(import.meta.dirname, "../src/index.ts");

const probe = mountSmallDisk(1);
probe?.[Symbol.dispose]();
function mountDisk(): SmallDisk {
  const disk = mountSmallDisk(4);
  if (disk === undefined) throw new Error("No disk can be mounted any more.");
  return disk;
}

// Only who may mount can have a disk of a given size.
describe.runIf(probe !== undefined)("files on a small disk", () => {
  test("a full disk is told, leaves what was there, and goes on once there is room", async () => {
    using disk = mountDisk();
    await using storage = createFileStorage({ path: disk.path });
    const store = storage.open("notes");
    await store.put("key", Buffer.from("before"));
    await store.put("large", new Uint8Array(3_000_000));

    const full = { code: "STORAGE_UNAVAILABLE", message: expect.stringContaining("ENOSPC") };
    await expect(store.put("key", new Uint8Array(2_000_000))).rejects.toMatchObject(full);
    const stream = new Blob([new Uint8Array(2_000_000)]).stream();
    await expect(store.write("other", stream)).rejects.toMatchObject(full);
    expect((await store.get("key"))?.value).toEqual(new Uint8Array(Buffer.from("before")));
    expect((await store.list()).entries.map(({ key }) => key)).toEqual(["key", "large"]);
    expect(await readdir(join(disk.path, "notes/temporary"))).toEqual([]);

    expect(await store.delete("large")).toBe(true);
    expect(await store.put("key", new Uint8Array(2_000_000))).toMatchObject({ size: 2_000_000 });
  });

  test("artifacts on a full disk lose no version, and deleting one makes room", async () => {
    using disk = mountDisk();
    await using storage = createFileStorage({ path: disk.path });
    const artifacts = createArtifactStore({ storage });
    await artifacts.save("large", new Uint8Array(1_500_000));
    await artifacts.save("large", new Uint8Array(1_500_000).fill(1));
    await expect(artifacts.save("large", new Uint8Array(1_500_000))).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
    });

    expect((await artifacts.versions("large")).map(({ version }) => version)).toEqual([2, 1]);
    expect(await artifacts.load("large", { start: 0, end: 1 })).toEqual(new Uint8Array([1]));
    expect(await artifacts.delete("large")).toBe(true);
    expect(await artifacts.save("next", new Uint8Array(1_500_000))).toMatchObject({ version: 1 });
  });

  test("a disk to the last byte can still be emptied", async () => {
    using disk = mountDisk();
    await using storage = createFileStorage({ path: disk.path });
    const store = storage.open("notes");
    let count = 0;
    for (let size = 1_000_000; size > 0; size = Math.floor(size / 2)) {
      for (let fits = true; fits;) {
        // oxlint-disable-next-line no-await-in-loop -- until no more fits
        fits = await store.put(`key-${count}`, new Uint8Array(size)).then(
          () => true,
          () => false,
        );
        if (fits) count += 1;
      }
    }
    const { entries } = await store.list();
    // oxlint-disable-next-line no-await-in-loop -- one after another
    for (const { key } of entries) expect(await store.delete(key)).toBe(true);

    expect(entries).toHaveLength(count);
    expect(await store.list()).toEqual({ entries: [] });
  });

  test("a disk that can only be read is read, and writing is told", async () => {
    using disk = mountDisk();
    await using storage = createFileStorage({ path: disk.path, lockTimeoutMs: 500 });
    const store = storage.open("notes");
    await store.put("key", Buffer.from("value"));
    await store.put("expired", Buffer.from("value"), { ttlSeconds: 0.01 });
    await sleep(20);
    disk.makeReadOnly();

    const refused = { code: "STORAGE_UNAVAILABLE", message: expect.stringContaining("EROFS") };
    expect((await store.get("key"))?.value).toEqual(new Uint8Array(Buffer.from("value")));
    expect((await store.list()).entries.map(({ key }) => key)).toEqual(["key"]);
    await expect(store.put("key", Buffer.from("2"))).rejects.toMatchObject(refused);
    await expect(store.delete("key")).rejects.toMatchObject(refused);
    await expect(storage.open("others").put("key", Buffer.from("2"))).rejects.toMatchObject(
      refused,
    );
    await using again = createFileStorage({ path: disk.path });
    expect(await again.open("notes").stat("key")).toMatchObject({ size: 5 });
    await expect(again.open("notes").watch({}, () => {})).resolves.toBeDefined();
  });

  test("a process that begins on a full disk can read and delete", async () => {
    using disk = mountDisk();
    await using before = createFileStorage({ path: disk.path });
    await before.open("notes").put("large", new Uint8Array(3_000_000));
    await rm(join(disk.path, "notes/swept"));
    await writeFile(join(disk.path, "other"), new Uint8Array(4_000_000)).catch(() => {});
    await using storage = createFileStorage({ path: disk.path });
    const store = storage.open("notes");

    expect(await store.stat("large")).toMatchObject({ size: 3_000_000 });
    expect(await store.delete("large")).toBe(true);
    expect(await store.put("small", new Uint8Array(1000))).toMatchObject({ size: 1000 });
  });
});

test("more at once than files may be open is told, and goes on afterwards", async () => {
  const folder = await mkdtemp(join(tmpdir(), "many-files-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = `
    import { createFileStorage } from ${JSON.stringify(pathToFileURL(SOURCE).href)};
    await using storage = createFileStorage({ path: ${JSON.stringify(folder)} });
    const store = storage.open("notes");
    const puts = Array.from({ length: 400 }, (_, n) => store.put("key-" + n, new Uint8Array(10)));
    const done = await Promise.allSettled(puts);
    const kept = done.flatMap(({ status }, n) => (status === "fulfilled" ? ["key-" + n] : []));
    const told = new Set(done.flatMap(({ reason }) => (reason ? [reason.code + reason.message] : [])));
    const there = new Set((await store.list()).entries.map(({ key }) => key));
    await store.put("after", new Uint8Array(10));
    console.log(JSON.stringify({ lost: kept.filter((key) => !there.has(key)), told: [...told] }));`;
  const limited = `ulimit -n 60; exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await run("bash", ["-c", limited, process.execPath, program]);
  const { lost, told } = Object(JSON.parse(stdout));

  expect(lost).toEqual([]);
  for (const text of told) expect(text).toMatch(/^STORAGE_UNAVAILABLE.*\(EMFILE\).*too many files/);
});
