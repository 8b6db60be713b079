import type { ArrayShape, LazyShape } from "./shape.ts";
import { isAnyArray, isLazyNever, UNKNOWN } from "./shape.ts";
import type { TypePrinter } from "./type-printer.ts";
import { unknownType } from "./type-printer.ts";

// Longer fixed lengths say little and cost much.
const MAX_TUPLE = 16;

/** Arrays of one form as a type. */
export function printArray(printer: TypePrinter, array: ArrayShape, hint: string): string {
  const { prefix, rest, min, max } = array;
  const print = (shape: LazyShape): string => printer.print(shape, hint);
  if (isAnyArray(array)) return `${unknownType(printer.profile)}[]`;
  const possible = prefix.findIndex(isLazyNever);
  const longest = Math.min(
    max,
    possible < 0 ? Infinity : possible,
    rest && !isLazyNever(rest) ? Infinity : prefix.length,
  );
  if (min > longest) return "never";
  if (longest === 0) return "never[]";
  const fixed = min === max && prefix.length === max;
  // A tuple only where positions differ: code that maps or filters has arrays of no known length.
  if (prefix.length === 0 || (printer.profile !== "exact" && !fixed)) {
    const items = [...prefix, ...(rest ? [rest] : [])];
    return arrayOf(
      items.some(({ key }) => key === "unknown")
        ? [unknownType(printer.profile)]
        : items.map(print),
    );
  }
  const listed = Math.min(
    longest,
    Math.max(prefix.length, min <= MAX_TUPLE ? min : 0, longest <= MAX_TUPLE ? longest : 0),
  );
  const items = Array.from({ length: listed }, (_, index) => {
    const item = print(prefix[index] ?? rest ?? UNKNOWN);
    return index < min ? item : `(${item})?`;
  });
  const open = longest > listed && rest && !isLazyNever(rest);
  if (open && items.length === 0) return arrayOf([print(rest)]);
  return `[${[...items, ...(open ? [`...${arrayOf([print(rest)])}`] : [])].join(", ")}]`;
}

function arrayOf(items: readonly string[]): string {
  const union = [...new Set(items)].join(" | ");
  return hasUnion(union) ? `(${union})[]` : `${union}[]`;
}

// Where a `|` or a bracket is text.
const TEXTS = /"(?:[^"\\]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\//g;

/** Whether a type has a `|` outside of braces and brackets. */
function hasUnion(type: string): boolean {
  let depth = 0;
  for (const character of type.replaceAll(TEXTS, "")) {
    if ("{[(".includes(character)) depth += 1;
    else if ("}])".includes(character)) depth -= 1;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}
