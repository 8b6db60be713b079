import { parse } from "jsonc-parser";
import { expect, test } from "vitest";

import { setInJsonc } from "../../src/clients/edit-jsonc.ts";

test.each([
  ["an empty file", "", '{\n  "s": {\n    "n": 1\n  }\n}\n'],
  ["an empty object", "{}", '{\n  "s": {\n    "n": 1\n  }\n}'],
  [
    "a comment behind the last entry",
    '{\n  "s": {\n    "a": { "b": 1 } // its\n  }\n}',
    '{\n  "s": {\n    "a": { "b": 1 }, // its\n    "n": 1\n  }\n}',
  ],
  [
    "a comma behind the last entry, and a comment after that",
    '{\n\t"s": {\n\t\t"a": 1, /* its */\n\t\t// none\n\t},\n}',
    '{\n\t"s": {\n\t\t"a": 1, /* its */\n\t\t"n": 1,\n\t\t// none\n\t},\n}',
  ],
  [
    "a comma in a line of its own",
    '{\n "s": {\n  "a": 1\n  ,\n }\n}',
    '{\n "s": {\n  "a": 1\n  ,\n  "n": 1,\n }\n}',
  ],
  [
    "lines that end as on Windows, and a mark of the byte order",
    '\uFEFF{\r\n  "s": {\r\n    "a": 1\r\n  }\r\n}\r\n',
    '\uFEFF{\r\n  "s": {\r\n    "a": 1,\r\n    "n": 1\r\n  }\r\n}\r\n',
  ],
  [
    "an entry that is there",
    '{ "s": { /* a */ "n": 0 /* b */ } }',
    '{ "s": { /* a */ "n": 1 /* b */ } }',
  ],
])("%s: what is there stays letter for letter", (_what, before, after) => {
  expect(setInJsonc(before, ["s", "n"], 1)).toBe(after);
});

test("an object that holds nothing but comments keeps them", () => {
  const text = '{\n  "s": {\n    // "a": 1,\n    // "b": 2\n  }\n}';

  const changed = setInJsonc(text, ["s", "n"], { x: 1 });

  expect(changed).toContain('// "a": 1,\n');
  expect(changed).toContain('// "b": 2');
  expect(parse(changed)).toEqual({ s: { n: { x: 1 } } });
});
