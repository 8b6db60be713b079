import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createFileStorage } from "../src/file-storage.ts";
import {
  expectAppended,
  expectKept,
  killAfter,
  startWriter,
} from "../src/testing/writer-processes.ts";

const WRITER = join(import.meta.dirname, "file-writer.ts");

let path = "";
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "file-processes-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

test("killed amid 1,000 puts, nothing acknowledged is lost and nothing is half there", async () => {
  const writers = [80, 160, 240].map((lines, index) => ({
    lines,
    writer: startWriter(WRITER, [path, "puts", `w${index}`, "1000"]),
  }));
  await Promise.all(writers.map(({ writer, lines }) => killAfter(writer, lines)));

  await using storage = createFileStorage({ path });
  const acknowledged = writers.flatMap(({ writer }) => writer.acknowledged);
  expect(acknowledged.length).toBeGreaterThan(480);
  await expectKept(storage.open("shared"), acknowledged);
});

test("killed processes' locks and unfinished files are in nobody's way, and swept", async () => {
  for (let round = 0; round < 8; round += 1) {
    const writer = startWriter(WRITER, [path, "appends", `w${round}`, "1000"]);
    // oxlint-disable-next-line no-await-in-loop -- one after another, each at another moment
    await killAfter(writer, 5 + round);
  }
  // As if the last sweep had been an hour ago.
  const before = new Date(Date.now() - 3_600_000);
  await utimes(join(path, "shared", "swept"), before, before);
  await using storage = createFileStorage({ path });

  expect(await storage.open("shared").put("list", Buffer.from("[]"))).toMatchObject({ size: 2 });
  expect(await readdir(join(path, "shared", "temporary"))).toEqual([]);
  expect(await readdir(join(path, "shared", "locks"))).toEqual([]);
});

test("eight processes append to one key: all is there, in order", async () => {
  const writers = Array.from({ length: 8 }, (_, index) =>
    startWriter(WRITER, [path, "appends", `w${index}`, "25"]),
  );
  const errors = await Promise.all(writers.map(({ ended }) => ended));

  expect(errors).toEqual(Array(8).fill(""));
  expect(writers.map(({ acknowledged }) => acknowledged.length)).toEqual(Array(8).fill(25));
  await using storage = createFileStorage({ path });
  await expectAppended(storage.open("shared"), writers);
});
