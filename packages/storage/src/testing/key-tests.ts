import { expect } from "vitest";

import type { Store } from "../storage.ts";
import type { Harness } from "./harness.ts";
import { expectCode, toBytes, toText } from "./harness.ts";

/** Keys that mean something to a file system, a shell, a database or a language. */
export const HOSTILE_KEYS: readonly string[] = [
  ["../x", "../../etc/passwd", "/etc/passwd", "a/b", "a//b", ".", "..", "...", "a\\b", "C:x"],
  ["con", "CON", "con.txt", "nul", "lpt1", "aux", "com0", "prn.md", "conin$"],
  ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"],
  ["%", "%2e", "%%", "%2f..", "%E0%A4%A", "*", "?", "[a-z]", "{tag}", "}{", "a:b", "a\u00A0b"],
  ["'", '"', "`", "$(x)", "|", "<a>", "-rf", "--", "~", "#", "&", ";", " "],
  ["😀", "👩‍👩‍👧‍👦", "ﷺ", "\u202Eabc", "\uFEFF", "\uE000", "\u{10FFFF}", "日本語", "ß", "ẞ", "ı", "İ"],
  [".git", ".DS_Store", "desktop.ini", "locks", "values", "temporary", "index"],
].flat();

const LONG: readonly string[] = [
  "x".repeat(512),
  "é".repeat(256),
  "😀".repeat(128),
  "A".repeat(300),
];
const CONTROLS: readonly string[] = [
  "\0",
  "a\0b",
  "a\nb",
  "\r",
  "\t",
  "\u001B[31m",
  "\u007F",
  "\u0085",
];
const HALVES: readonly string[] = ["\uD800", "a\uDFFF", "\uDE00\uD83D"];

/** Which keys there are. */
export function testKeys({ check, createStorage }: Harness): void {
  testNamespaces({ check, createStorage });
  check("key.hostile", async ({ store, other }) => {
    for (const key of HOSTILE_KEYS) {
      // oxlint-disable no-await-in-loop -- each key alone in the store
      expect(await store.put(key, toBytes(key))).toMatchObject({ key });
      expect(toText(await other.get(key))).toBe(key);
      expect((await other.list()).entries.map((entry) => entry.key)).toEqual([key]);
      expect(await store.delete(key)).toBe(true);
      // oxlint-enable no-await-in-loop
    }
  });
  check("key.hostile-together", ({ store }) => expectAllKept(store, HOSTILE_KEYS));
  check("key.case", ({ store }) =>
    expectAllKept(store, ["Skill", "skill", "SKILL", "ſkill", "sKill"]),
  );
  check("key.normalization", ({ store }) =>
    expectAllKept(store, ["\u00E9", "e\u0301", "\u212B", "\u00C5", "A\u030A", "ﬁ", "fi"]),
  );
  check("key.trailing", ({ store }) =>
    expectAllKept(store, ["a", "a.", "a..", "a ", "a  ", " a", ".a", "a. ", "a .", "a\u3000"]),
  );
  check("key.long", ({ store }) => expectAllKept(store, LONG));
  check("key.long-alike", ({ store }) =>
    expectAllKept(store, [`${"y".repeat(511)}a`, `${"y".repeat(511)}b`, `${"Y".repeat(511)}a`]),
  );
  check("key.too-long", ({ store }) =>
    expectRefused(store, ["x".repeat(513), "é".repeat(257), "x".repeat(100_000)]),
  );
  check("key.empty", ({ store }) => expectRefused(store, [""]));
  check("key.control", ({ store }) => expectRefused(store, CONTROLS));
  check("key.surrogate", ({ store }) => expectRefused(store, HALVES));
  check("key.refused-everywhere", async ({ store }) => {
    const key = "a\0";
    const write = store.write(key, new Blob(["1"]).stream());
    for (const answer of [
      store.get(key),
      store.stat(key),
      write,
      store.read(key),
      store.delete(key),
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- all have begun
      await expectCode(answer, "STORAGE_KEY_INVALID");
    }
  });
  check("key.any", async ({ store }) => {
    await expectAllKept(store, [
      ...new Set(Array.from({ length: 100 }, (_, seed) => anyKey(seed))),
    ]);
  });
}

function testNamespaces({ check, createStorage }: Pick<Harness, "check" | "createStorage">): void {
  check("key.namespace", async () => {
    await using storage = createStorage();
    for (const namespace of ["a", "skills", "0-9", "-", "x".repeat(64), "con", "constructor"]) {
      const store = storage.open(namespace);
      // oxlint-disable-next-line no-await-in-loop -- one after another
      expect(await store.put("key", toBytes(namespace))).toMatchObject({ key: "key" });
      // oxlint-disable-next-line no-await-in-loop -- one after another
      expect(toText(await store.get("key"))).toBe(namespace);
    }
  });
  check("key.namespace-refused", async () => {
    await using storage = createStorage();
    const refused = [
      "",
      "..",
      "a/b",
      "A",
      "a.b",
      "__proto__",
      "ä",
      "a b",
      "{a}",
      "x".repeat(65),
      "a\n",
    ];
    const opened = refused.filter((namespace) => {
      try {
        storage.open(namespace);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: "STORAGE_KEY_INVALID" });
        return false;
      }
    });
    expect(opened).toEqual([]);
  });
  check("key.namespaces-apart", async ({ store, namespace }) => {
    await using storage = createStorage();
    const another = storage.open(`${namespace}-b`);
    await store.put("key", toBytes("a"));
    await another.put("key", toBytes("b"));

    expect([toText(await store.get("key")), toText(await another.get("key"))]).toEqual(["a", "b"]);
    expect((await another.list()).entries).toHaveLength(1);
  });
  check("key.namespace-again", async ({ namespace }) => {
    await using storage = createStorage();
    await storage.open(namespace).put("key", toBytes("a"), { ifRevision: null });

    await expectCode(
      storage.open(namespace).put("key", toBytes("b"), { ifRevision: null }),
      "STORAGE_CONFLICT",
    );
    expect(toText(await storage.open(namespace).get("key"))).toBe("a");
  });
}

/** All at once in one store, each with a value of its own. */
async function expectAllKept(store: Store, keys: readonly string[]): Promise<void> {
  await Promise.all(
    keys.map((key) => store.put(key, toBytes(`value of ${key}`), { ifRevision: null })),
  );
  const values = await Promise.all(keys.map(async (key) => toText(await store.get(key))));
  expect(values).toEqual(keys.map((key) => `value of ${key}`));
  const { entries } = await store.list({ limit: 10_000 });
  expect(entries.map(({ key }) => key).toSorted()).toEqual([...keys].toSorted());
}

async function expectRefused(store: Store, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is not refused is told
    await expectCode(store.put(key, toBytes("1")), "STORAGE_KEY_INVALID");
  }
  expect((await store.list()).entries).toEqual([]);
}

/** A key out of all of Unicode; the same for the same seed. */
function anyKey(seed: number): string {
  let state = seed * 2_654_435_761 + 1;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const ranges = [0x80, 0x800, 0x1_0000, 0x11_0000];
  const points = Array.from({ length: 1 + next(40) }, () => {
    const point = next(ranges[next(4)] ?? 0x80);
    return /[\p{Cc}\p{Cs}]/u.test(String.fromCodePoint(point)) ? 0x41 : point;
  });
  return String.fromCodePoint(...points);
}
