import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

function codes(matches: Iterable<RegExpMatchArray>): readonly string[] {
  return Array.from(matches, (match) => match[1] ?? "").toSorted();
}

test("docs/errors.md lists every error code with cause and remedy, and no other", () => {
  const declared = read("packages/core/src/errors.ts").matchAll(/^ {2}\| "([A-Z_]+)"/gm);
  const documented = read("docs/errors.md").matchAll(/^\| `([A-Z_]+)` *\| .+ \| .+ \|$/gm);

  expect(codes(documented)).toEqual(codes(declared));
});
