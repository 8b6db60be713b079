import type { ChildProcess } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createArtifactStore, createFileStorage } from "../../src/index.ts";

const run = promisify(execFile);

let path = "";
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "codemode-artifacts-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url));
}

function startWriter(
  who: string,
  count: number,
): ChildProcess & { readonly output: Promise<string> } {
  const args = [fixture("writer"), path, who, String(count)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  return Object.assign(child, { output: text(child.stdout) });
}

/** Whole lines only: of the last one a killed process may have said a part. */
function acknowledged(output: string): readonly (readonly [version: number, text: string])[] {
  const lines = output.split("\n").slice(0, -1);
  return lines.map((line) => {
    const end = line.indexOf(" ");
    return [Number(line.slice(0, end)), line.slice(end + 1)];
  });
}

test("eight processes that save the same artifact lose no version", async () => {
  const writers = Array.from("abcdefgh", (who) => startWriter(who, 8));
  const outputs = await Promise.all(writers.map(({ output }) => output));
  const saved = outputs.flatMap(acknowledged);
  await using storage = createFileStorage({ path });
  const artifacts = createArtifactStore({ storage });

  const versions = await artifacts.versions("shared");
  const loaded = await Promise.all(
    saved.map(async ([version]) => artifacts.load("shared", { version })),
  );

  expect(saved).toHaveLength(64);
  expect(versions.map(({ version }) => version)).toEqual(
    Array.from({ length: 64 }, (_, index) => 64 - index),
  );
  expect(loaded).toEqual(saved.map(([, written]) => written));
});

test("processes killed while they save leave every acknowledged version, and none by half", async () => {
  const writers = Array.from("abc", (who) => startWriter(who, 10_000));
  await Promise.all(writers.map((writer) => once(writer.stdout ?? writer, "data")));
  for (const writer of writers) {
    // oxlint-disable-next-line no-await-in-loop -- each is killed at a moment of its own
    await sleep(Math.random() * 300);
    writer.kill("SIGKILL");
  }
  const saved = (await Promise.all(writers.map(({ output }) => output))).flatMap(acknowledged);
  await using storage = createFileStorage({ path });
  const artifacts = createArtifactStore({ storage, maxVersions: 10_000 });

  const versions = await artifacts.versions("shared");
  const texts = new Map(
    await Promise.all(
      versions.map(
        async ({ version }) => [version, await artifacts.load("shared", { version })] as const,
      ),
    ),
  );

  expect(saved.length).toBeGreaterThan(0);
  expect(saved.filter(([version, written]) => texts.get(version) !== written)).toEqual([]);
  expect(versions.every(({ size }) => size === 3_000)).toBe(true);
  await expect(artifacts.save("shared", "goes on")).resolves.toMatchObject({
    version: versions.length + 1,
  });
});

test("100 MB are saved and read without being held", async () => {
  const { stdout } = await run(process.execPath, [fixture("large"), path, "100"]);
  const { bytes, digest, tookMib } = Object(JSON.parse(stdout));

  const expected = createHash("sha256");
  for (let index = 0; index < 100; index += 1) expected.update(Buffer.alloc(1024 * 1024, index));
  expect([bytes, digest]).toEqual([100 * 1024 * 1024, `sha256:${expected.digest("hex")}`]);
  expect(tookMib).toBeLessThan(70);
});

test("no name leads out of the folder", async () => {
  const outside = await mkdtemp(join(tmpdir(), "codemode-outside-"));
  await using storage = createFileStorage({ path: join(outside, "inside") });
  const artifacts = createArtifactStore({ storage });
  const names = [
    "../x",
    "../../x",
    "/tmp/x",
    "con",
    "__proto__",
    "..",
    "a/../../b",
    "n".repeat(300),
  ];

  await Promise.all(names.map((name) => artifacts.save(name, name)));
  const loaded = await Promise.all(names.map((name) => artifacts.load(name)));
  const left = await readdir(outside);
  await rm(outside, { recursive: true });

  expect(loaded).toEqual(names);
  expect(left).toEqual(["inside"]);
});
