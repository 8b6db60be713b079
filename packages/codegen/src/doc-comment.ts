import type { Docs } from "./type-printer.ts";

/** The one way of server-supplied text into a comment: one line, and it cannot end the comment. */
export function escapeDocText(text: string): string {
  return text
    .slice(0, 20_000)
    .replaceAll(UNSAFE, " ")
    .replaceAll("*/", "*\\/")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/\*$/, "* ");
}

// Control, format (bidirectional marks among them), line and paragraph separators, lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

const MAX_SENTENCE = 200;
// A stop before a capital letter, unless it belongs to an abbreviation; full-width ones always.
const SENTENCE_END = /(?<!\b(?:e\.g|i\.e|vs|cf))[.!?](?=\s+[^\s\p{Ll}]|$)|[。！？]/u;

/** The first sentence of a text, at most some 200 characters. */
export function firstSentence(text: string): string {
  const line = escapeDocText(text);
  const end = SENTENCE_END.exec(line);
  const sentence = end ? line.slice(0, end.index + 1) : line;
  if (sentence.length <= MAX_SENTENCE) return sentence;
  return `${sentence.slice(0, MAX_SENTENCE).replace(/\s+\S*$/, "")}...`;
}

/** Keywords that a type cannot say, as they are read. */
const CONSTRAINTS: readonly (readonly [keyword: string, shown: string])[] = [
  ["default", "default"],
  ["minimum", ">="],
  ["maximum", "<="],
  ["exclusiveMinimum", ">"],
  ["exclusiveMaximum", "<"],
  ["multipleOf", "multiple of"],
  ["minLength", "min length"],
  ["maxLength", "max length"],
  ["pattern", "pattern"],
  ["format", "format"],
  ["minItems", "min items"],
  ["maxItems", "max items"],
];

/** A description alone as a comment, or nothing. */
export function descriptionComment(description: string, docs: Docs): string {
  if (docs === "none") return "";
  const text = docs === "first" ? firstSentence(description) : escapeDocText(description);
  return text === "" ? "" : `/** ${text} */`;
}

/** `/** Description. [default 5, <= 100] *\/`, or nothing. */
export function docComment(source: { readonly [keyword: string]: unknown }, docs: Docs): string {
  if (docs === "none") return "";
  const { description, type } = source;
  const text =
    typeof description === "string"
      ? docs === "first"
        ? firstSentence(description)
        : escapeDocText(description)
      : "";
  const limits = CONSTRAINTS.filter(([keyword]) => Object.hasOwn(source, keyword)).map(
    ([keyword, shown]) => `${shown} ${showValue(source[keyword])}`,
  );
  if (type === "integer") limits.unshift("integer");
  const notes =
    docs === "full" || text === "" ? limits : limits.filter((limit) => limit.startsWith("default"));
  const bracket = notes.length === 0 ? "" : `[${escapeDocText(notes.join(", "))}]`;
  const body = [text, bracket].filter((part) => part !== "").join(" ");
  return body === "" ? "" : `/** ${body} */`;
}

function showValue(value: unknown): string {
  return (JSON.stringify(value) ?? "").slice(0, 100);
}
