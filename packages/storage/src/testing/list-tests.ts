import { expect } from "vitest";

import type { ListOptions, Store } from "../storage.ts";
import type { Harness } from "./harness.ts";
import { expectCode, toBytes } from "./harness.ts";

/** How keys are listed. */
export function testLists(harness: Harness): void {
  testPrefixes(harness);
  testPages(harness);
  testChanges(harness);
}

function testPrefixes({ check }: Harness): void {
  check("list.empty", async ({ store }) => {
    expect(await store.list()).toEqual({ entries: [] });
  });
  check("list.entries", async ({ store }) => {
    const entries = [
      await store.put("a", toBytes("1")),
      await store.put("b", toBytes("22"), { ttlSeconds: 1000 }),
    ];

    expect(await store.list()).toEqual({ entries });
  });
  check("list.order", async ({ store }) => {
    const keys = [
      "-",
      "A",
      "B",
      "_",
      "a",
      "a-b",
      "a/b",
      "aa",
      "b",
      "é",
      "日",
      "\uE000",
      "\uFFFD",
      "😀",
      "\u{10FFFF}",
    ];
    await putAll(store, keys.toReversed());

    const inOrder = [...keys].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await keysOf(store)).toEqual(inOrder);
  });
  check("list.prefix", async ({ store }) => {
    await putAll(store, ["a", "a/1", "a/2", "a/b/3", "b/1", "A/1", "a-1"]);

    expect(await keysOf(store, { prefix: "a/" })).toEqual(["a/1", "a/2", "a/b/3"]);
    expect(await keysOf(store, { prefix: "a/1" })).toEqual(["a/1"]);
  });
  check("list.prefix-literal", async ({ store }) => {
    await putAll(store, [
      "*a",
      "ba",
      "[ab]",
      "a",
      "?",
      "%",
      "%61",
      "\\*",
      "😀a",
      "\u{10FFFF}\u{10FFFF}",
    ]);

    const prefixes = ["*", "[ab]", "?", "%", "\\", "😀", "\u{10FFFF}"];
    const found = await Promise.all(prefixes.map((prefix) => keysOf(store, { prefix })));
    expect(found).toEqual([
      ["*a"],
      ["[ab]"],
      ["?"],
      ["%", "%61"],
      ["\\*"],
      ["😀a"],
      ["\u{10FFFF}\u{10FFFF}"],
    ]);
  });
  check("list.prefix-none", async ({ store }) => {
    await putAll(store, ["a", "c"]);

    expect(await store.list({ prefix: "b" })).toEqual({ entries: [] });
    expect(await store.list({ prefix: "x".repeat(2000) })).toEqual({ entries: [] });
  });
}

function testPages({ check }: Harness): void {
  check("list.pages", async ({ store }) => {
    const keys = Array.from({ length: 25 }, (_, index) => `key-${String(index).padStart(2, "0")}`);
    await putAll(store, keys);

    const pages = await pagesOf(store, { limit: 10 });
    expect(pages).toEqual([keys.slice(0, 10), keys.slice(10, 20), keys.slice(20)]);
  });
  check("list.pages-prefix", async ({ store }) => {
    await putAll(store, ["a", "b/1", "b/2", "b/3", "c"]);

    expect(await pagesOf(store, { prefix: "b/", limit: 2 })).toEqual([["b/1", "b/2"], ["b/3"]]);
  });
  check("list.pages-exact", async ({ store }) => {
    await putAll(store, ["a", "b", "c", "d"]);

    expect(await pagesOf(store, { limit: 2 })).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    expect(await store.list({ limit: 4 })).not.toHaveProperty("next");
  });
  check("list.default", async ({ store }) => {
    await putAll(
      store,
      Array.from({ length: 1001 }, (_, index) => `key-${index}`),
    );
    const page = await store.list();

    expect(page.entries).toHaveLength(1000);
    expect(page.next).toBeTypeOf("string");
    expect((await store.list({ limit: 10_000 })).entries).toHaveLength(1001);
  });
  check("list.limit-refused", async ({ store }) => {
    for (const limit of [0, -1, 1.5, 10_001, Number.NaN]) {
      // oxlint-disable-next-line no-await-in-loop -- the first that is not refused is told
      await expectCode(store.list({ limit }), "INVALID_ARGUMENTS");
    }
    expect(await store.list({ limit: 10_000 })).toEqual({ entries: [] });
  });
}

function testChanges({ check }: Harness): void {
  check("list.under-writes", async ({ store, other }) => {
    const stay = Array.from({ length: 60 }, (_, index) => `stay-${String(index).padStart(2, "0")}`);
    await putAll(store, stay);
    const listing = new AbortController();
    const disturb = async (): Promise<void> => {
      for (let n = 0; !listing.signal.aborted; n += 1) {
        const key = `${n % 2 === 0 ? "a" : "z"}-${n % 7}`;
        // oxlint-disable-next-line no-await-in-loop -- one after another
        await other.put(key, toBytes("1"));
        // oxlint-disable-next-line no-await-in-loop -- one after another
        await other.put(stay[n % stay.length] ?? "", toBytes(String(n)));
        // oxlint-disable-next-line no-await-in-loop -- one after another
        await other.delete(key);
      }
    };
    const list = async (): Promise<readonly (readonly string[])[]> => {
      const all: (readonly string[])[] = [];
      // oxlint-disable-next-line no-await-in-loop -- again and again while others write
      for (let n = 0; n < 5; n += 1) all.push((await pagesOf(store, { limit: 7 })).flat());
      listing.abort();
      return all;
    };
    const [all] = await Promise.all([list(), disturb()]);

    for (const keys of all) expect(keys.filter((key) => key.startsWith("stay"))).toEqual(stay);
  });
  check("list.cursor-deleted", async ({ store }) => {
    await putAll(store, ["a", "b", "c"]);
    const { next = "" } = await store.list({ limit: 2 });
    await store.delete("b");

    expect(await keysOf(store, { after: next })).toEqual(["c"]);
  });
}

async function putAll(store: Store, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => store.put(key, toBytes(key))));
}

async function keysOf(store: Store, options: ListOptions = {}): Promise<readonly string[]> {
  return (await store.list(options)).entries.map(({ key }) => key);
}

async function pagesOf(
  store: Store,
  options: ListOptions,
): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  let after: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page after the one before
    const page = await store.list({ ...options, ...(after === undefined ? {} : { after }) });
    pages.push(page.entries.map(({ key }) => key));
    after = page.next;
  } while (after !== undefined);
  return pages;
}
