import { createHash } from "node:crypto";
import { join } from "node:path";

import type { ArtifactStore } from "@codemode/storage";
import { createArtifactStore } from "@codemode/storage";
import { killAfter, startWriter } from "@codemode/storage/testing";
import { describe, expect, test } from "vitest";

import { createRedisStorage } from "../src/redis-storage.ts";
import { findRedis, startRedis } from "../src/testing/redis-server.ts";
import { startLossyProxy } from "./lossy-proxy.ts";

const WRITER = join(import.meta.dirname, "artifact-writer.ts");
const DURABLE = ["--appendonly", "yes", "--appendfsync", "always"];
/** Only the script that puts a value says so. */
const PUT = "'PERSIST'";

describe.runIf(findRedis())("artifacts in Redis", () => {
  test("processes killed amid 1,000 saves leave every acknowledged version, and none by half", async () => {
    await using server = await startRedis();
    const writers = Array.from("abc", (name) => startWriter(WRITER, [server.url, name, "1000"]));
    await Promise.all(writers.map((writer, index) => killAfter(writer, 60 + 37 * index)));
    await using storage = createRedisStorage({ url: server.url });
    const artifacts = createArtifactStore({ storage, maxVersions: 10_000 });

    const acknowledged = writers.flatMap((writer) => writer.acknowledged);
    expect(acknowledged.length).toBeGreaterThan(200);
    const next = await expectWhole(artifacts, acknowledged);
    await expect(artifacts.save("shared", "goes on")).resolves.toMatchObject({ version: next });
  });

  test("Redis killed amid 1,000 saves has all that it acknowledged when it is back", async () => {
    await using server = await startRedis(DURABLE);
    const writers = Array.from("ab", (name) => startWriter(WRITER, [server.url, name, "1000"]));
    await expect
      .poll(() => writers.every(({ acknowledged }) => acknowledged.length > 50), {
        timeout: 60_000,
      })
      .toBe(true);
    await server.kill();
    for (const error of await Promise.all(writers.map(({ ended }) => ended))) {
      expect(error).toContain("STORAGE_UNAVAILABLE");
    }
    await server.start();
    await using storage = createRedisStorage({ url: server.url });
    const artifacts = createArtifactStore({ storage, maxVersions: 10_000 });

    const acknowledged = writers.flatMap((writer) => writer.acknowledged);
    const next = await expectWhole(artifacts, acknowledged);
    await expect(artifacts.save("shared", "goes on")).resolves.toMatchObject({ version: next });
  });

  test("a large value whose acknowledgement was lost is there whole", async () => {
    await using server = await startRedis();
    await using proxy = await startLossyProxy(server.port);
    await using storage = createRedisStorage({ url: proxy.url });
    const store = storage.open("shared");
    await store.get("connected");
    const large = new Uint8Array(2_500_000).fill(3);
    proxy.loseAnswerTo(PUT);

    await expect(store.put("large", large)).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    expect(proxy.lost).toBe(1);
    expect((await store.get("large"))?.value).toEqual(large);
  });

  test("a version whose acknowledgement was lost is there whole", async () => {
    await using server = await startRedis();
    await using proxy = await startLossyProxy(server.port);
    await using storage = createRedisStorage({ url: proxy.url });
    const artifacts = createArtifactStore({ storage });
    await artifacts.save("report", "first");
    // The record, not the bytes: it alone has a description.
    proxy.loseAnswerTo("told in the record");

    await expect(
      artifacts.save("report", "second", { description: "told in the record" }),
    ).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    expect(proxy.lost).toBe(1);
    expect((await artifacts.versions("report")).map(({ version }) => version)).toEqual([2, 1]);
    expect(await artifacts.load("report")).toBe("second");
  });
});

/** Fails unless every version that is there is whole, and every one of these is there. Gives the next number. */
async function expectWhole(
  artifacts: ArtifactStore,
  acknowledged: readonly string[],
): Promise<number> {
  const versions = await artifacts.versions("shared");
  const found = new Set<string>();
  for (const { version, digest, size } of versions) {
    const hash = createHash("sha256");
    let bytes = 0;
    // oxlint-disable-next-line no-await-in-loop -- large ones are not all held at once
    const { chunks } = await artifacts.stream("shared", { version });
    // oxlint-disable-next-line no-await-in-loop -- as above
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.byteLength;
    }
    expect([version, bytes, `sha256:${hash.digest("hex")}`]).toEqual([version, size, digest]);
    found.add(`${version} ${digest}`);
  }
  expect(acknowledged.filter((line) => !found.has(line))).toEqual([]);
  return versions.length + 1;
}
