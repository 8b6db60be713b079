import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";

import { formatDocComment, readDocComment } from "../src/doc-comment.ts";

const PIECES = [
  "*/",
  "/*",
  "*\\/",
  "*\\\\/",
  "\n",
  " @param x",
  "@tags a",
  "\\@",
  "* ",
  "\r\n",
  "//",
  "`${",
];
const text = array(oneof(constantFrom(...PIECES), string({ unit: "grapheme", maxLength: 5 })), {
  maxLength: 12,
}).map((parts) => parts.join(""));

/** A comment has lines without blanks at their ends, and one kind of line end. */
function plain(value: string): string {
  return value
    .replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}

test("whatever a description says, it stays inside its comment and is read as it was", () => {
  assert(
    property(text, text, (description, tag) => {
      const tags = new Map(plain(tag) === "" ? [] : [["author", tag]]);

      const comment = formatDocComment({ description, params: new Map(), tags });
      const read = readDocComment(comment.slice(2, -2));

      expect(comment.startsWith("/*") && comment.endsWith("*/")).toBe(true);
      expect(comment.slice(2, -2)).not.toContain("*/");
      expect(plain(read.description)).toBe(plain(description));
      expect(plain(read.tags.get("author") ?? "")).toBe(plain(tag));
      expect([...read.tags.keys(), ...read.params.keys()]).toEqual([...tags.keys()]);
    }),
    { numRuns: 2000 },
  );
});

test("on a single line tags stand behind the text", () => {
  const { description, params } = readDocComment("* Reads a file. @param path the file @internal ");

  expect(description).toBe("Reads a file.");
  expect([...params]).toEqual([["path", "the file"]]);
});
