import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { createFileStorage } from "@codemode/storage";
import { expect, onTestFinished, test } from "vitest";

import { createSkillStore } from "../src/create-skill-store.ts";
import type { SkillVersion } from "../src/skill-store.ts";

const WRITER = fileURLToPath(new URL("processes/save-many.ts", import.meta.url));

interface Acknowledged {
  readonly version: number;
  readonly digest: string;
}

interface Writer {
  readonly acknowledged: Acknowledged[];
  readonly kill: () => void;
  /** Of the process; `null` where it was killed. */
  readonly ended: Promise<number | null>;
}

async function makeFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "skill-processes-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function startWriter(path: string, name: string, count: number): Writer {
  const child = spawn(process.execPath, [WRITER, path, name, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged: Acknowledged[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const [version, digest] = line.split(" ");
    if (version && digest) acknowledged.push({ version: Number(version), digest });
  });
  const ended = Promise.all([once(child, "exit"), once(lines, "close")]).then(([[code]]) => code);
  return { acknowledged, ended, kill: () => child.kill("SIGKILL") };
}

/** Also reads every one of them: what is half there fails. */
async function readVersions(path: string): Promise<readonly SkillVersion[]> {
  await using storage = createFileStorage({ path });
  await using skills = createSkillStore({ storage });
  const versions = await skills.versions("shared-skill");
  for (const { version, digest } of versions) {
    // oxlint-disable-next-line no-await-in-loop -- a test of many small files
    expect((await skills.get("shared-skill", { version })).digest).toBe(digest);
  }
  return versions;
}

test("eight processes write one skill: every acknowledged version is there, in order", async () => {
  const path = await makeFolder();

  const writers = Array.from({ length: 8 }, (_, n) => startWriter(path, `w${n}`, 6));
  const codes = await Promise.all(writers.map(({ ended }) => ended));
  const versions = await readVersions(path);

  expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
  expect(versions.map(({ version }) => version)).toEqual(
    Array.from({ length: 48 }, (_, index) => index + 1),
  );
  for (const { acknowledged } of writers) {
    expect(acknowledged).toHaveLength(6);
    for (const { version, digest } of acknowledged) {
      expect(versions[version - 1]?.digest).toBe(digest);
    }
  }
});

test("processes that are killed lose nothing they acknowledged and leave nothing half there", async () => {
  const path = await makeFolder();
  const acknowledged: Acknowledged[] = [];

  for (let round = 0; round < 3; round += 1) {
    const writers = [startWriter(path, `a${round}`, 1000), startWriter(path, `b${round}`, 1000)];
    // oxlint-disable-next-line no-await-in-loop -- a kill in the middle of writing, again and again
    while (writers.some((writer) => writer.acknowledged.length === 0)) await delay(5);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await delay(Math.random() * 100);
    for (const writer of writers) writer.kill();
    // oxlint-disable-next-line no-await-in-loop -- as above
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([null, null]);
    acknowledged.push(...writers.flatMap((writer) => writer.acknowledged));
  }
  const versions = await readVersions(path);

  expect(versions.map(({ version }) => version)).toEqual(
    versions.map((_version, index) => index + 1),
  );
  for (const { version, digest } of acknowledged) {
    expect(versions[version - 1]?.digest).toBe(digest);
  }
});
