import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";

import { descriptionComment, docComment } from "../src/doc-comment.ts";
import { escapeDocText, firstSentence } from "../src/index.ts";
import { HOSTILE_TEXTS, stripComments } from "./support/strip-comments.ts";

// What the compiler, an editor or a terminal takes for more than a letter.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

test("an ordinary text stays as it is", () => {
  const text = 'Reads a file. Paths like "src/a.ts" are relative; 3 * 4 / 2 is 6 - naïve 日本語 🙂';
  expect(escapeDocText(text)).toBe(text);
});

test("line breaks and runs of blanks become one blank", () => {
  expect(escapeDocText("  one\r\n\r\n\ttwo\u2028three   four ")).toBe("one two three four");
});

test("the end of a comment is taken apart", () => {
  expect(escapeDocText("a */ b **/*.ts")).toBe("a *\\/ b **\\/*.ts");
});

test.each(HOSTILE_TEXTS)("%j cannot leave a comment", (text) => {
  for (const docs of ["first", "full"] as const) {
    for (const comment of [
      descriptionComment(text, docs),
      docComment({ description: text, default: text, pattern: text, format: text }, docs),
    ]) {
      expect(stripComments(comment)).toBe("");
      expect(comment).not.toMatch(UNSAFE);
    }
  }
});

test("no text at all leaves a comment", () => {
  const anything = string({ unit: "binary", maxLength: 60 });
  const pieces = string({ unit: "grapheme-ascii", maxLength: 30 }).map((text) =>
    text.replaceAll("a", "*/").replaceAll("b", "*").replaceAll("c", "/"),
  );
  for (const texts of [anything, pieces]) {
    assert(
      property(texts, (text) => {
        const comment = docComment({ description: text, default: text, pattern: text }, "full");
        expect(stripComments(comment)).toBe("");
        expect(comment).not.toMatch(UNSAFE);
        expect(stripComments(descriptionComment(text, "first"))).toBe("");
      }),
      { numRuns: 2_000 },
    );
  }
});

test("escaping a text twice changes nothing that could end a comment", () => {
  assert(
    property(string({ unit: "binary" }), (text) => {
      expect(escapeDocText(escapeDocText(text))).not.toContain("*/");
    }),
  );
});

test("a very long text is cut", () => {
  expect(escapeDocText("long ".repeat(1_000_000)).length).toBeLessThanOrEqual(20_000);
});

test.each([
  ["Gets an issue. Then more.", "Gets an issue."],
  ["Gets an issue", "Gets an issue"],
  ["What is it? A tool.", "What is it?"],
  [
    "Reads v1.2 files, e.g. those of i.e. Node.js. More.",
    "Reads v1.2 files, e.g. those of i.e. Node.js.",
  ],
  ["One line\nand the same sentence. Next.", "One line and the same sentence."],
  ["读取文件。然后更多。", "读取文件。"],
  ["", ""],
])("the first sentence of %j is %j", (text, sentence) => {
  expect(firstSentence(text)).toBe(sentence);
});

test("a first sentence that does not end is cut between two words", () => {
  const cut = firstSentence("word ".repeat(200));
  expect(cut.length).toBeLessThanOrEqual(203);
  expect(cut).toMatch(/ word\.\.\.$/);
  expect(firstSentence("x".repeat(1_000))).toBe(`${"x".repeat(200)}...`);
});

test("what a type cannot say stands behind the description", () => {
  const source = {
    description: "How many.",
    type: "integer",
    default: 5,
    minimum: 1,
    maximum: 100,
  };
  expect(docComment(source, "full")).toBe("/** How many. [integer, default 5, >= 1, <= 100] */");
  expect(docComment(source, "first")).toBe("/** How many. [default 5] */");
  expect(docComment(source, "none")).toBe("");
  expect(docComment({ pattern: "^a*/$" }, "full")).toBe('/** [pattern "^a*\\/$"] */');
  expect(docComment({ type: "string" }, "full")).toBe("");
});
