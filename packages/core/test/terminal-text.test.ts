import { escapeTerminalText } from "@codemode/core";
import { expect, test } from "vitest";

test("escape sequences, C1 controls and direction marks are shown, not obeyed", () => {
  const hostile = "\u001B[2Jhi\u009B31m\u202Eexe.txt\u200B\u2028\uD800";

  const safe = escapeTerminalText(hostile);

  expect(safe).toBe("\\u{1b}[2Jhi\\u{9b}31m\\u{202e}exe.txt\\u{200b}\\u{2028}\\u{d800}");
});

test("line feeds and tabs stay, except on a single line", () => {
  const text = "a\n\tb\r";

  expect(escapeTerminalText(text)).toBe("a\n\tb\\u{d}");
  expect(escapeTerminalText(text, { singleLine: true })).toBe("a\\u{a}\\u{9}b\\u{d}");
});

test("letters, emoji and combining marks pass unchanged", () => {
  const text = "naïve 漢字 👍🏽 e\u0301";

  expect(escapeTerminalText(text)).toBe(text);
});
