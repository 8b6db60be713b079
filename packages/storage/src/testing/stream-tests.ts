import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import type { Harness } from "./harness.ts";
import { expectCode, readAll, toBytes, toText } from "./harness.ts";
import { heldBytes } from "./held-bytes.ts";

/** How values come and go in pieces. */
export function testStreams(harness: Harness): void {
  testWhole(harness);
  testRanges(harness);
  testChanges(harness);
  testFailures(harness);
  testLarge(harness);
}

function testWhole({ check }: Harness): void {
  check("stream.round", async ({ store, other }) => {
    const pieces = Array.from({ length: 50 }, (_, index) => `${index},`.repeat(1000 + index));
    const entry = await store.write("key", streamOf(pieces));
    const { chunks, ...read } = (await other.read("key")) ?? {};

    expect(await readAll(chunks)).toBe(pieces.join(""));
    expect(read).toEqual(entry);
    expect(entry.size).toBe(pieces.join("").length);
  });
  check("stream.empty", async ({ store }) => {
    await store.write("none", streamOf([]));
    await store.write("some", streamOf(["", "a", "", "b", ""]));

    expect(await readAll((await store.read("none"))?.chunks)).toBe("");
    expect(await store.stat("none")).toMatchObject({ size: 0 });
    expect(await readAll((await store.read("some"))?.chunks)).toBe("ab");
  });
  check("stream.get", async ({ store }) => {
    await store.write("written", streamOf(["a", "b"]));
    await store.put("put", toBytes("ab"));

    expect(toText(await store.get("written"))).toBe("ab");
    expect(await readAll((await store.read("put"))?.chunks)).toBe("ab");
  });
  check("stream.reused", async ({ store }) => {
    await store.write("key", reusingSource());

    const expected = Array.from("abcdef", (letter) => letter.repeat(100_000)).join("");
    expect(toText(await store.get("key"))).toBe(expected);
  });
}

function testRanges({ check }: Harness): void {
  check("stream.range", async ({ store }) => {
    const text = "0123456789".repeat(100_000);
    await store.write("key", streamOf([text]));
    const ranges = [
      { start: 5 },
      { end: 7 },
      { start: 300_001, end: 300_005 },
      { start: 250_000, end: 800_000 },
      { start: 4, end: 4 },
    ];
    const parts = ranges.map(async (range) => readAll((await store.read("key", range))?.chunks));

    expect(await Promise.all(parts)).toEqual(
      ranges.map(({ start, end }) => text.slice(start, end)),
    );
  });
  check("stream.range-beyond", async ({ store }) => {
    await store.put("key", toBytes("0123"));
    const ranges = [
      { start: 2, end: 100 },
      { start: 4 },
      { start: 100, end: 200 },
      { start: 3, end: 1 },
    ];
    const parts = ranges.map(async (range) => readAll((await store.read("key", range))?.chunks));

    expect(await Promise.all(parts)).toEqual(["23", "", "", ""]);
  });
  check("stream.range-refused", async ({ store }) => {
    await store.put("key", toBytes("0123"));

    await expectCode(store.read("key", { start: -1 }), "INVALID_ARGUMENTS");
    await expectCode(store.read("key", { end: 1.5 }), "INVALID_ARGUMENTS");
    await expectCode(store.read("key", { start: Number.NaN }), "INVALID_ARGUMENTS");
  });
}

function testChanges({ check }: Harness): void {
  const before = "a".repeat(2_000_000);
  check("stream.replaced", async ({ store, other }) => {
    await store.write("key", streamOf([before]));
    const read = await store.read("key");
    const reading = read?.chunks[Symbol.asyncIterator]();
    const first = await reading?.next();
    await other.write("key", streamOf(["b".repeat(3_000_000)]));
    await other.put("key", toBytes("c"));
    const rest = await readAll(reading && { [Symbol.asyncIterator]: () => reading });

    expect(Buffer.from(first?.value ?? []).toString() + rest === before).toBe(true);
    expect(toText(await store.get("key"))).toBe("c");
  });
  check("stream.deleted", async ({ store, other }) => {
    await store.write("key", streamOf([before]));
    const read = await store.read("key");
    await other.delete("key");

    expect((await readAll(read?.chunks)) === before).toBe(true);
    expect(await store.read("key")).toBeUndefined();
  });
  check("stream.early", async ({ store }) => {
    await store.write("key", streamOf([before]));
    for (let n = 0; n < 20; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const read = await store.read("key");
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for await (const chunk of read?.chunks ?? []) {
        expect(chunk.byteLength).toBeGreaterThan(0);
        break;
      }
    }

    expect(await store.delete("key")).toBe(true);
  });
}

function testFailures({ check, createStorage }: Harness): void {
  check("stream.whole", async ({ store, other }) => {
    let seen: unknown = "nothing";
    async function* source(): AsyncGenerator<Uint8Array> {
      yield toBytes("a".repeat(300_000));
      await sleep(50);
      seen = [await other.get("key"), (await other.list()).entries];
      yield toBytes("b");
    }
    await store.write("key", source());

    expect(seen).toEqual([undefined, []]);
    expect(await other.stat("key")).toMatchObject({ size: 300_001 });
  });
  check("stream.failed", async ({ store }) => {
    await store.put("key", toBytes("before"));

    await expect(store.write("key", failingSource())).rejects.toThrow("the source is gone");
    expect(toText(await store.get("key"))).toBe("before");
    await expect(store.write("new", failingSource())).rejects.toThrow("the source is gone");
    expect((await store.list()).entries.map(({ key }) => key)).toEqual(["key"]);
  });
  check("stream.over-limit", async ({ namespace }) => {
    await using storage = createStorage({ maxStreamBytes: 1_000_000 });
    const store = storage.open(namespace);
    await store.write("key", streamOf(["a".repeat(999_999), "b"]));

    const tooLarge = store.write("key", streamOf(["a".repeat(999_999), "bc"]));
    await expectCode(tooLarge, "STORAGE_LIMIT");
    expect(await store.stat("key")).toMatchObject({ size: 1_000_000 });
  });
}

const PIECE_BYTES = 1_000_000;
const PIECES = 100;

function testLarge({ check }: Harness): void {
  check("stream.large", async ({ store }) => {
    const before = heldBytes();
    let most = before;
    const measure = (n: number): void => {
      if (n % 10 === 9) most = Math.max(most, heldBytes());
    };
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < PIECES; n += 1) {
        measure(n);
        yield new Uint8Array(PIECE_BYTES).fill(n);
      }
    }
    await store.write("key", source());
    let size = 0;
    let wrong = 0;
    for await (const chunk of (await store.read("key"))?.chunks ?? []) {
      if (size % PIECE_BYTES < chunk.byteLength) measure(Math.floor(size / PIECE_BYTES));
      // The first byte of every piece that begins in this chunk, and the chunk's own.
      const n = Math.floor(size / PIECE_BYTES);
      if (chunk[0] !== n) wrong += 1;
      size += chunk.byteLength;
    }
    await store.delete("key");

    expect([size, wrong]).toEqual([PIECES * PIECE_BYTES, 0]);
    // Held whole it would be 100 MB or more, in each direction.
    expect(most - before).toBeLessThan(80_000_000);
  });
}

async function* streamOf(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield toBytes(text);
}

async function* reusingSource(): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(100_000);
  for (const letter of "abcdef") yield buffer.fill(letter.charCodeAt(0));
}

async function* failingSource(): AsyncGenerator<Uint8Array> {
  yield toBytes("a".repeat(300_000));
  throw Object.assign(new Error("the source is gone"), { code: "ENOENT" });
}
