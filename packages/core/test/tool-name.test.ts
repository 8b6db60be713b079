import { array, assert, property, string } from "fast-check";
import { expect, test } from "vitest";

import { assignIdentifiers, didYouMean, nameToIdentifier } from "../src/index.ts";

test.each([
  ["resolve-library-id", "resolve_library_id"],
  ["export", "export_"],
  ["2fa", "_2fa"],
  ["fetch", "fetch_"],
  ["名前", "tool_"],
  ["", "tool"],
  ["listPRs", "listPRs"],
])("%j is bound as %s", (name, identifier) => {
  expect(nameToIdentifier(name)).toBe(identifier);
});

test("whatever the names, each gets a distinct identifier, whatever their order", () => {
  assert(
    property(array(string({ unit: "binary", maxLength: 200 })), (names) => {
      const table = assignIdentifiers(names);
      const reversed = assignIdentifiers(names.toReversed());

      expect(new Set(table.values()).size).toBe(new Set(names).size);
      for (const [name, identifier] of table) {
        expect(identifier).toMatch(/^[A-Za-z_$][A-Za-z0-9_$]*$/);
        expect(reversed.get(name)).toBe(identifier);
      }
    }),
  );
});

test("a name that is an identifier already keeps it", () => {
  expect([...assignIdentifiers(["a-b", "a_b"])]).toEqual([
    ["a_b", "a_b"],
    ["a-b", "a_b_2"],
  ]);
});

test("a suggestion is near in spelling, and there is none for anything else", () => {
  expect(didYouMean("fs.raedFile", ["fs.read_file", "fs.write_file"])).toBe(
    ' Did you mean "fs.read_file"?',
  );
  expect(didYouMean("weather", ["fs.read_file"])).toBe("");
});
