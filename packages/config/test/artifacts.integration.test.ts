import { createToolRegistry } from "@codemode/core";
import type { Sandbox } from "@codemode/sandbox";
import { createIsolatedVmSandbox } from "@codemode/sandbox-isolated-vm";
import { createLocalEvalSandbox } from "@codemode/sandbox-local-eval";
import type { Session } from "@codemode/session";
import { createSession } from "@codemode/session";
import type { ArtifactStore } from "@codemode/storage";
import { createArtifactStore, createMemoryStorage } from "@codemode/storage";
import { afterAll, describe, expect, test } from "vitest";

import { valueOf } from "./results.ts";

const SANDBOXES = { "isolated-vm": createIsolatedVmSandbox, "local-eval": createLocalEvalSandbox };

const registry = createToolRegistry();
afterAll(() => registry[Symbol.asyncDispose]());

function newStore(): ArtifactStore {
  return createArtifactStore({ storage: createMemoryStorage() });
}

describe.each(Object.entries(SANDBOXES))("artifacts in %s", (_, createSandbox) => {
  const sandbox: Sandbox = createSandbox();
  afterAll(() => sandbox[Symbol.asyncDispose]());

  const open = (artifacts = newStore()): Session => createSession({ registry, sandbox, artifacts });

  test("a program saves what the next session's program loads: text, JSON and bytes", async () => {
    const artifacts = newStore();
    await using first = open(artifacts);
    const saved = await first.execute(`
      const entry = await artifacts.save("a.txt", "grüße \\u{1f600}", { description: "A text", metadata: { from: "test" } });
      await artifacts.save("a.json", { rows: [1, null, { deep: true }] });
      await artifacts.save("a.bin", new Uint8Array([0, 1, 254, 255]));
      await artifacts.save("b.bin", new Uint16Array([258]).buffer);
      entry`);
    expect(valueOf(saved)).toMatchObject({ name: "a.txt", version: 1, kind: "text" });

    await using second = open(artifacts);
    const loaded = await second.execute(`
      const bytes = await artifacts.load("a.bin");
      [await artifacts.load("a.txt"), await artifacts.load("a.json"), bytes instanceof Uint8Array,
        Array.from(bytes), Array.from(await artifacts.load("b.bin"))]`);

    expect(valueOf(loaded)).toEqual([
      "grüße \u{1f600}",
      { rows: [1, null, { deep: true }] },
      true,
      [0, 1, 254, 255],
      [2, 1],
    ]);
    expect(loaded.calls).toEqual([]);
  });

  test("all else that can be asked of them", async () => {
    await using session = open();

    const result = await session.execute(`
      await artifacts.save("r/1", "one", { description: "sales of March" });
      await artifacts.save("r/1", "two");
      await artifacts.save("other", 1, { ttlSeconds: 60, contentType: "application/json" });
      const page = await artifacts.list({ limit: 1 });
      const rest = await artifacts.list({ limit: 5, after: page.next });
      ({
        page: page.map((a) => a.name), rest: rest.map((a) => a.name), end: rest.next,
        prefix: (await artifacts.list({ prefix: "r/" })).map((a) => a.name),
        versions: (await artifacts.versions("r/1")).map((a) => a.version),
        old: await artifacts.load("r/1", { version: 1 }),
        part: await artifacts.load("r/1", { start: 1, end: 3 }),
        got: (await artifacts.get("other")).expiresAt !== undefined,
        none: await artifacts.get("none"),
        exists: [await artifacts.exists("other"), await artifacts.exists("none")],
        found: (await artifacts.search("other")).map((a) => a.name),
        deleted: [await artifacts.delete("other"), await artifacts.delete("other")],
      })`);

    expect(valueOf(result)).toEqual({
      page: ["other"],
      rest: ["r/1"],
      prefix: ["r/1"],
      versions: [2, 1],
      old: "one",
      part: "wo",
      got: true,
      none: null,
      exists: [true, false],
      found: ["other"],
      deleted: [true, false],
    });
  });

  test("what is larger than one answer is loaded in stretches, whole and unchanged", async () => {
    const artifacts = newStore();
    await using session = open(artifacts);
    const text = "äb€\u{1f600}\u0000".repeat(200_000);
    const bytes = Buffer.alloc(1_500_000, "0123456789abcde");
    await artifacts.save("big.txt", text);
    await artifacts.save("big.json", [text]);
    await artifacts.save("big.bin", bytes);
    const whole = Buffer.concat([Buffer.alloc(600_000, "x"), Buffer.from([255])]);
    await artifacts.save("no.txt", asStream(whole), { contentType: "text/plain" });

    const result = await session.execute(`
      const sum = (bytes) => bytes.reduce((total, byte) => (total * 31 + byte) % 1e9, 7);
      const text = await artifacts.load("big.txt");
      const bytes = await artifacts.load("big.bin");
      const none = await artifacts.load("no.txt");
      [text.length, text === (await artifacts.load("big.json"))[0], text.slice(-6), bytes.length,
        sum(bytes), none.length, none[600000]]`);

    const sum = bytes.reduce((total, byte) => (total * 31 + byte) % 1e9, 7);
    expect(valueOf(result)).toEqual([
      text.length,
      true,
      text.slice(-6),
      bytes.length,
      sum,
      600_001,
      255,
    ]);
  });

  test("more than a program can hold is refused with how to read it", async () => {
    const artifacts = newStore();
    await using session = open(artifacts);
    await artifacts.save("huge", Buffer.alloc(33 * 1024 * 1024));

    const result = await session.execute('await artifacts.load("huge")');
    const part = await session.execute(
      '(await artifacts.load("huge", { start: 5, end: 8 })).length',
    );

    expect(result).toMatchObject({ ok: false, error: { code: "STORAGE_LIMIT" } });
    expect(result).toMatchObject({ error: { message: expect.stringContaining("ranges") } });
    expect(valueOf(part)).toBe(3);
  });

  test.each([
    ['artifacts.save("x")', "INVALID_ARGUMENTS", "nothing to save"],
    ["artifacts.save({}, 1)", "INVALID_ARGUMENTS", "name first"],
    ['artifacts.save("x", new Map())', "INVALID_ARGUMENTS", "a Map"],
    ['artifacts.save("x", 1, { ttl: 5 })', "INVALID_ARGUMENTS", "ttlSeconds"],
    ['artifacts.save("x", 1, "a text")', "INVALID_ARGUMENTS", "one object"],
    ['artifacts.save("a\\nb", 1)', "STORAGE_KEY_INVALID", "control characters"],
    ['artifacts.load("none")', "ARTIFACT_NOT_FOUND", "There are no artifacts yet"],
    ['artifacts.load("none", { start: 5, end: 2 })', "ARTIFACT_NOT_FOUND", "no artifact"],
  ])("%s is refused with %s", async (code, errorCode, words) => {
    await using session = open();

    const result = await session.execute(`await ${code}`);

    expect(result).toMatchObject({
      ok: false,
      error: { code: errorCode, message: expect.stringContaining(words) },
    });
  });

  test("a value too large to hand out is stored whole, shown in part, and loaded by its handle", async () => {
    const artifacts = newStore();
    await using session = open(artifacts);

    const result = await session.execute(
      'Array.from({ length: 60_000 }, (_, index) => ({ index, text: "ä\u{1f600}" }))',
    );
    if (!result.ok) throw new Error(result.error.message);
    const { stored } = result;
    const next = await session.execute(
      `const all = await artifacts.load(${JSON.stringify(stored?.artifact)}); [all.length, all[59999]]`,
    );

    expect(stored).toMatchObject({
      artifact: `results/${result.executionId}`,
      contentType: "application/json",
    });
    expect(Date.parse(stored?.expiresAt ?? "") - Date.now()).toBeLessThanOrEqual(86_400_000);
    expect(result.value).toMatch(
      /^\[\{"index":0,"text":"ä\u{1f600}"\}.*\[cut: an array of 60000, /u,
    );
    expect(JSON.stringify(result.value).length).toBeLessThan(3_000);
    expect(result.value).toContain(`artifacts.load("${stored?.artifact}")`);
    expect(valueOf(next)).toEqual([60_000, { index: 59_999, text: "ä\u{1f600}" }]);
  });

  test("a text that large is stored as text", async () => {
    await using session = open();

    const result = await session.execute('"€".repeat(4_000_000)');

    expect(result).toMatchObject({ ok: true, stored: { size: 12_000_000 } });
    expect(result).toMatchObject({ stored: { contentType: "text/plain; charset=utf-8" } });
  });

  test("a value that just fits is given as it is, whatever else is in the frame", async () => {
    await using session = open();

    const result = await session.execute(
      'for (let line = 0; line < 600; line += 1) console.log("x".repeat(90)); "y".repeat(262_100)',
    );

    expect(result).toMatchObject({ ok: true, value: "y".repeat(262_100) });
    expect(result).not.toHaveProperty("stored");
  });

  test("what is too large even to store, or finds no room, says so and stays in the session", async () => {
    const full = createArtifactStore({ storage: createMemoryStorage(), quotaBytes: 1_000 });
    await using session = open(full);
    await using other = open();

    const result = await session.execute('var kept = "x".repeat(300_000); kept');
    const huge = await other.execute('"x".repeat(6_000_000)');
    const next = await session.execute("kept.length", { session: result.session });

    expect(result).toMatchObject({
      ok: false,
      error: { code: "RESULT_TOO_LARGE", message: expect.stringContaining("quota of 1000 bytes") },
    });
    expect(huge).toMatchObject({
      ok: false,
      error: { code: "RESULT_TOO_LARGE", message: expect.stringContaining("artifacts.save") },
    });
    expect(valueOf(next)).toBe(300_000);
  });

  test("a session without a store says how to get one", async () => {
    await using session = createSession({ registry, sandbox });

    const result = await session.execute('await artifacts.save("x", 1)');

    expect(result).toMatchObject({ ok: false, error: { name: "ReferenceError" } });
    expect(result.ok ? [] : result.error.hints.join(" ")).toContain('"storage"');
  });
});

async function* asStream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
