import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("docs/errors.md lists every error code with cause and remedy, and no other", () => {
  const declared = read("packages/core/src/errors.ts").matchAll(/^ {2}\| "([A-Z_]+)"/gm);
  const documented = read("docs/errors.md").matchAll(/^\| `([A-Z_]+)` *\| .+ \| .+ \|$/gm);

  const codes = (matches: Iterable<RegExpMatchArray>): readonly string[] =>
    Array.from(matches, (match) => match[1] ?? "").toSorted();

  expect(codes(documented)).toEqual(codes(declared));
});
