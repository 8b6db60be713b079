import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";

import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";

import { createRedisStorage } from "../src/redis-storage.ts";
import { findRedis, startRedis } from "../src/testing/redis-server.ts";

const VALUE = Buffer.from("value");

describe.runIf(findRedis())("redis-server", () => {
  test("keys are readable, and those of a namespace share a slot of a cluster", async () => {
    await using server = await startRedis(["--cluster-enabled", "yes"]);
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    await redis.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await expect
      .poll(() => redis.cluster("INFO"), { timeout: 60_000 })
      .toContain("cluster_state:ok");
    await using storage = createRedisStorage({ url: server.url });
    const artifacts = storage.open("artifacts");
    await storage.open("skills").put("greet/{head}", VALUE);
    const { revision } = await artifacts.put("large", Buffer.alloc(2_500_000));
    await artifacts.put("large", Buffer.alloc(2_500_000), { ifRevision: revision });
    await artifacts.put("small", VALUE, { ttlSeconds: 100 });
    expect(await artifacts.delete("small")).toBe(true);
    const keys = await redis.keys("codemode:*");

    expect(keys.filter((key) => key.startsWith("codemode:skills:")).toSorted()).toEqual([
      "codemode:skills:{skills}:entry:greet/{head}",
      "codemode:skills:{skills}:index",
    ]);
    const others = keys.filter((key) => key.startsWith("codemode:artifacts:"));
    expect(others).toHaveLength(4);
    const slots = others.map((key) => redis.cluster("KEYSLOT", key));
    expect(new Set(await Promise.all(slots)).size).toBe(1);
  });

  test("another prefix and another database are other places", async () => {
    await using server = await startRedis();
    await using one = createRedisStorage({ url: server.url });
    await using two = createRedisStorage({ url: server.url, prefix: "other" });
    await using three = createRedisStorage({ url: `${server.url}/1` });
    await one.open("skills").put("a", VALUE);

    expect(await two.open("skills").get("a")).toBeUndefined();
    expect(await three.open("skills").list()).toEqual({ entries: [] });
  });

  test("large values that were replaced, failed or expired leave nothing for long", async () => {
    await using server = await startRedis();
    await using storage = createRedisStorage({ url: server.url });
    const store = storage.open("artifacts");
    const large = Buffer.alloc(2_500_000, 1);
    await store.put("a", large);
    await store.put("a", VALUE);
    await store.put("b", large, { ttlSeconds: 100 });
    await expect(store.put("b", large, { ifRevision: null })).rejects.toThrow(/another one/);
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    const blobs = await redis.keys("*:blob:*");
    const times = await Promise.all(blobs.map((key) => redis.pttl(key)));

    // The replaced one, for its readers, and that of "b".
    expect(times).toHaveLength(2);
    for (const time of times) expect(time).toBeGreaterThan(0);
    expect((await store.get("b"))?.value).toEqual(new Uint8Array(large));
  });

  test("a wrong password is told without telling it", async () => {
    await using server = await startRedis(["--requirepass", "right-word"]);
    const url = server.url.replace("redis://", "redis://:wrong-word@");
    await using wrong = createRedisStorage({ url, timeoutMs: 1_500 });
    await using right = createRedisStorage({ url: url.replace("wrong", "right") });

    const error: unknown = await wrong
      .open("skills")
      .get("a")
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: "STORAGE_UNAVAILABLE",
      message: expect.stringContaining("WRONGPASS"),
    });
    expect(inspect(error, { depth: 10 })).not.toContain("wrong-word");
    expect(await right.open("skills").put("a", VALUE)).toMatchObject({ size: 5 });
  });

  test("a full Redis is told by its word", async () => {
    await using server = await startRedis(["--maxmemory", "3mb"]);
    await using storage = createRedisStorage({ url: server.url });
    const put = storage.open("skills").put("a", Buffer.alloc(8_000_000));

    await expect(put).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
      message: expect.stringContaining("(OOM)"),
    });
  });

  test("TLS: a certificate that is given is trusted, another one is not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "redis-tls-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-nodes", "-keyout", key, "-out", cert, "-days", "2"];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...files, ...subject], {
      stdio: "ignore",
    });
    const flags = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert];
    const only = ["--tls-port", "PORT", "--port", "0", "--tls-auth-clients", "no"];
    await using server = await startRedis([...flags, ...only]);
    const url = server.url.replace("redis:", "rediss:");
    await using trusting = createRedisStorage({ url, tls: { ca: await readFile(cert) } });
    await using other = createRedisStorage({ url, timeoutMs: 1_500 });

    expect(await trusting.open("skills").put("a", VALUE)).toMatchObject({ size: 5 });
    await expect(other.open("skills").get("a")).rejects.toThrow("DEPTH_ZERO_SELF_SIGNED_CERT");
  });
});

test("a url of another kind, and a prefix with braces, are refused without telling the url", () => {
  const refusal = /^The url of a Redis storage begins with "redis:\/\/" or (?!.*hidden-word)/;

  expect(() => createRedisStorage({ url: "http://user:hidden-word@host" })).toThrow(refusal);
  expect(() => createRedisStorage({ url: "redis://host", prefix: "{a}" })).toThrow(/prefix/);
});
