import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { SkillVersion } from "@codemode/skills";
import { createSkillStore } from "@codemode/skills";
import type { Storage } from "@codemode/storage";
import { createFileStorage } from "@codemode/storage";
import { createRedisStorage } from "@codemode/storage-redis";
import { findRedis, startRedis } from "@codemode/storage-redis/testing";
import type { WriterProcess } from "@codemode/storage/testing";
import { killAfter, startWriter } from "@codemode/storage/testing";
import { describe, expect, onTestFinished, test } from "vitest";

const WRITER = join(import.meta.dirname, "processes/save-skill.ts");

interface Place {
  readonly name: string;
  readonly isThere: boolean;
  /** A folder or a URL, gone after the test. */
  readonly make: () => Promise<string>;
  readonly open: (place: string) => Storage;
}

const places: readonly Place[] = [
  {
    name: "files",
    isThere: true,
    async make() {
      const path = await mkdtemp(join(tmpdir(), "skill-processes-"));
      onTestFinished(() => rm(path, { recursive: true, force: true }));
      return path;
    },
    open: (path) => createFileStorage({ path }),
  },
  {
    name: "Redis",
    isThere: findRedis(),
    async make() {
      const server = await startRedis();
      onTestFinished(() => server[Symbol.asyncDispose]());
      return server.url;
    },
    open: (url) => createRedisStorage({ url }),
  },
];

describe.each(places)("skills in $name", ({ isThere, make, open }) => {
  test.runIf(isThere)(
    "eight processes write one skill: every acknowledged version is there, in order",
    async () => {
      const place = await make();

      const writers = Array.from({ length: 8 }, (_, n) =>
        startWriter(WRITER, [place, `w${n}`, "6"]),
      );
      const errors = await Promise.all(writers.map(({ ended }) => ended));
      const versions = await readVersions(open(place));

      expect(errors).toEqual(Array(8).fill(""));
      expect(writers.map(({ acknowledged }) => acknowledged.length)).toEqual(Array(8).fill(6));
      expect(versions).toHaveLength(48);
      expectPromised(versions, writers);
    },
  );

  test.runIf(isThere)(
    "processes killed amid saves lose nothing acknowledged and leave nothing half there",
    async () => {
      const place = await make();
      const writers: WriterProcess[] = [];

      for (let round = 0; round < 3; round += 1) {
        const pair = ["a", "b"].map((name) =>
          startWriter(WRITER, [place, `${name}${round}`, "1000"]),
        );
        writers.push(...pair);
        // oxlint-disable-next-line no-await-in-loop -- a kill in the middle of writing, again and again
        await Promise.all(
          pair.map((writer) => killAfter(writer, 5 + Math.floor(Math.random() * 10))),
        );
      }
      const versions = await readVersions(open(place));

      expect(writers.map(({ child }) => child.signalCode)).toEqual(Array(6).fill("SIGKILL"));
      expectPromised(versions, writers);
    },
  );
});

/** Also reads every one of them: what is half there fails. */
async function readVersions(opened: Storage): Promise<readonly SkillVersion[]> {
  await using storage = opened;
  await using skills = createSkillStore({ storage });
  const versions = await skills.versions("shared-skill");
  const read = await Promise.all(
    versions.map(({ version }) => skills.get("shared-skill", { version })),
  );
  expect(read.map(({ digest }) => digest)).toEqual(versions.map(({ digest }) => digest));
  return versions;
}

/** Versions count 1, 2, 3, and each that was promised has the contents it was promised for. */
function expectPromised(
  versions: readonly SkillVersion[],
  writers: readonly WriterProcess[],
): void {
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
  const promised = writers.flatMap(({ acknowledged }) => acknowledged);
  const kept = new Set(versions.map(({ version, digest }) => `${version} ${digest}`));
  expect(promised.filter((line) => !kept.has(line))).toEqual([]);
  expect(new Set(promised).size).toBe(promised.length);
}
