import { expect, test } from "vitest";

import { fileNameToKey, HASHED_KEY, keyToFileName } from "../../src/file/file-name.ts";
import { HOSTILE_KEYS } from "../../src/testing/key-tests.ts";

test("names have nothing in them that a file system could take for something else", () => {
  const names = [...HOSTILE_KEYS, "A".repeat(512), "é".repeat(256)].map(keyToFileName);

  for (const name of names) expect(name).toMatch(/^(?:[a-z0-9_-]|%[0-9a-f]{2}|%%[0-9a-f]{64})+$/);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(140);
  expect(names.filter((name) => /^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test("a name gives its key back, or says that the file has to", () => {
  const back = HOSTILE_KEYS.map((key) => fileNameToKey(keyToFileName(key)));

  expect(back).toEqual(HOSTILE_KEYS);
  expect(fileNameToKey(keyToFileName("x".repeat(200)))).toBe(HASHED_KEY);
});

test("other names are no key's", () => {
  const names = [".DS_Store", "a.txt", "A", "con", "%61", "%2E", "%zz", "%ff", "%", "a b", "é"];

  expect(names.map(fileNameToKey)).toEqual(names.map(() => undefined));
});
