/** A source on its way to being a program: line numbers are still those of what the model wrote. */
export interface Intake {
  readonly text: string;
  /** Columns by which line 1 has moved to the right. */
  readonly shift: number;
}

const FENCE = /^\s*(`{3,}|~{3,})[\w+-]*\s*$/;

/** Takes a byte order mark, a `#!` line and a Markdown fence away. Lines stay as blank ones, so that positions hold. */
export function unwrapFence(source: string): string {
  const lines = source
    .replace(/^\uFEFF?(#!.*)?/, "")
    .replaceAll("\r\n", "\n")
    .split("\n");
  return insideFence(
    lines,
    lines.findIndex((line) => line.trim() !== ""),
  );
}

function insideFence(lines: readonly string[], open: number): string {
  const fence = FENCE.exec(lines[open] ?? "")?.[1];
  if (fence === undefined) return lines.join("\n");
  const close = lines.findIndex((line, index) => index > open && line.trim() === fence);
  const end = close < 0 ? lines.length : close;
  return lines.map((line, index) => (index > open && index < end ? line : "")).join("\n");
}

/**
 * The readings of a source, most likely first: an object literal or a nameless function is an
 * expression; what has prose before its fence is the fence's inside.
 */
export function readings(text: string): readonly Intake[] {
  const plain: Intake = { text, shift: 0 };
  const start = text.slice(skipTrivia(text));
  if (start.startsWith("{")) return [asExpression(text), plain];
  if (/^(async\s+)?function\b/.test(start.slice(0, 200))) return [plain, asExpression(text)];
  const lines = text.split("\n");
  const open = lines.findIndex((line) => FENCE.test(line));
  return open < 0 ? [plain] : [plain, { text: insideFence(lines, open), shift: 0 }];
}

function asExpression(text: string): Intake {
  const body = text.trimEnd().replace(/;$/, "");
  return { text: `(${body}\n)`, shift: 1 };
}

/** Index of the first character that is neither white space nor comment. */
function skipTrivia(text: string): number {
  let index = 0;
  for (;;) {
    while (/\s/.test(text[index] ?? "")) index += 1;
    const comment = text.slice(index, index + 2);
    if (comment !== "//" && comment !== "/*") return index;
    const end = comment === "//" ? text.indexOf("\n", index) : text.indexOf("*/", index + 2);
    if (end < 0) return text.length;
    index = end + (comment === "//" ? 1 : 2);
  }
}
