import type { SourcePosition } from "./prepared-program.ts";

const MAX_LINE = 160;

/** The lines around a place, numbered, with a caret under it. */
export function sourceFrame(source: string, { line, column }: SourcePosition): string {
  const lines = source.split("\n");
  const first = Math.max(line - 2, 0);
  const shown = lines.slice(first, line + 1);
  const width = String(first + shown.length).length;
  return shown
    .flatMap((text, index) => {
      const number = first + index + 1;
      const row = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text.slice(0, MAX_LINE).trimEnd()}`;
      if (number !== line || column > MAX_LINE) return [row];
      return [row, `  ${" ".repeat(width)} | ${" ".repeat(column - 1)}^`];
    })
    .join("\n");
}
