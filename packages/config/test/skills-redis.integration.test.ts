import { join } from "node:path";

import type { SkillVersion } from "@codemode/skills";
import { createSkillStore } from "@codemode/skills";
import { createRedisStorage } from "@codemode/storage-redis";
import { findRedis, startRedis } from "@codemode/storage-redis/testing";
import type { WriterProcess } from "@codemode/storage/testing";
import { killAfter, startWriter } from "@codemode/storage/testing";
import { describe, expect, test } from "vitest";

const WRITER = join(import.meta.dirname, "processes/save-skill.ts");

describe.runIf(findRedis())("skills in Redis", () => {
  test("eight processes write one skill: every acknowledged version is there, in order", async () => {
    await using server = await startRedis();

    const writers = Array.from({ length: 8 }, (_, n) =>
      startWriter(WRITER, [server.url, `w${n}`, "6"]),
    );
    const errors = await Promise.all(writers.map(({ ended }) => ended));
    const versions = await readVersions(server.url);

    expect(errors).toEqual(Array(8).fill(""));
    expect(writers.map(({ acknowledged }) => acknowledged.length)).toEqual(Array(8).fill(6));
    expect(versions).toHaveLength(48);
    expectPromised(versions, writers);
  });

  test("processes killed amid saves lose nothing acknowledged and leave nothing half there", async () => {
    await using server = await startRedis();
    const writers: WriterProcess[] = [];

    for (let round = 0; round < 3; round += 1) {
      const pair = ["a", "b"].map((name) =>
        startWriter(WRITER, [server.url, `${name}${round}`, "1000"]),
      );
      writers.push(...pair);
      // oxlint-disable-next-line no-await-in-loop -- a kill in the middle of writing, again and again
      await Promise.all(
        pair.map(async (writer) => {
          await killAfter(writer, 5 + Math.floor(Math.random() * 10));
        }),
      );
    }
    const versions = await readVersions(server.url);

    expect(writers.map(({ child }) => child.signalCode)).toEqual(Array(6).fill("SIGKILL"));
    expectPromised(versions, writers);
  });
});

/** Also reads every one of them: what is half there fails. */
async function readVersions(url: string): Promise<readonly SkillVersion[]> {
  await using storage = createRedisStorage({ url });
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
