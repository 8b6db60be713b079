import { isLazyNever } from "./combine.ts";
import { objectMembers, withIndexSignatures } from "./emit-object.ts";
import type { ArrayShape, LazyShape, ObjectShape, Shape, StringChoice } from "./shape.ts";
import { isAnyArray, isNever, isUnknown, UNKNOWN } from "./shape.ts";
import { freshName } from "./type-name.ts";
import type { Docs, Profile, TypePrinter } from "./type-printer.ts";
import { unknownType } from "./type-printer.ts";

/** How to print. */
export interface PrinterOptions {
  readonly profile: Profile;
  readonly docs: Docs;
  /** Names that an alias must not take. Grows with the aliases. */
  readonly taken: Set<string>;
  /** The name that other places give this type too; it then becomes an alias. */
  readonly nameOf?: (key: string) => string | undefined;
  /** Told of every type that is printed. */
  readonly onPrint?: (printed: {
    readonly key: string;
    readonly text: string;
    readonly hint: string;
  }) => void;
  /** Objects deeper than this are left out. Default: none. */
  readonly maxDepth?: number;
}

// Past this, a schema is an attack or a mistake; the widest type stands for the rest.
const MAX_DEPTH = 60;
const MAX_PRINTED = 20_000;

/** Prints shapes as types. */
export function createTypePrinter(options: PrinterOptions): TypePrinter {
  const { profile, docs, taken } = options;
  const names = new Map<string, string>();
  const texts = new Map<string, string>();
  const stack: string[] = [];
  const hints = new Map<string, string>();
  let printed = 0;

  const nameFor = (key: string, hint: string): string => {
    const name = names.get(key) ?? freshName(hint, taken);
    names.set(key, name);
    return name;
  };
  const printer: TypePrinter = {
    profile,
    docs,
    print(shape, hint) {
      const { key } = shape;
      if (key === "unknown") return unknownType(profile);
      const known = names.get(key);
      if (known !== undefined && (texts.has(known) || stack.includes(key))) return known;
      if (stack.includes(key)) return nameFor(key, hints.get(key) ?? hint);
      printed += 1;
      if (stack.length > (options.maxDepth ?? MAX_DEPTH) || printed > MAX_PRINTED)
        return unknownType(profile);
      const sharedName = options.nameOf?.(key);
      if (sharedName !== undefined) names.set(key, sharedName);
      hints.set(key, hint);
      stack.push(key);
      const text = printShape(printer, shape.get(), hint);
      stack.pop();
      options.onPrint?.({ key, text, hint });
      // It has a name where something inside referred to it, or it is shared.
      const name = names.get(key);
      if (name === undefined) return text;
      texts.set(name, text);
      return name;
    },
    aliases: () => [...texts].map(([name, text]) => `type ${name} = ${text};`),
  };
  return printer;
}

/** A shape as a union of its kinds. */
function printShape(printer: TypePrinter, shape: Shape, hint: string): string {
  if (isUnknown(shape)) return unknownType(printer.profile);
  if (isNever(shape)) return "never";
  const parts = [
    ...(shape.strings === "any" ? ["string"] : shape.strings.map(printString)),
    ...(shape.numbers === "any" ? ["number"] : shape.numbers.map(String)),
    ...(shape.booleans.length === 2 ? ["boolean"] : shape.booleans.map(String)),
    ...shape.arrays.map((array) => printArray(printer, array, hint)),
    ...shape.objects.map((object) => printObject(printer, object, hint)),
    ...(shape.null ? ["null"] : []),
  ];
  return [...new Set(parts)].join(" | ");
}

function printString(choice: StringChoice): string {
  return typeof choice === "string" ? JSON.stringify(choice) : `\`${choice.template}\``;
}

// Longer fixed lengths say little and cost much.
const MAX_TUPLE = 16;

function printArray(printer: TypePrinter, array: ArrayShape, hint: string): string {
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

/** Whether a type has a `|` outside of braces and brackets. */
function hasUnion(type: string): boolean {
  let depth = 0;
  for (let index = 0; index < type.length; index += 1) {
    const character = type.charAt(index);
    if ("{[(".includes(character)) depth += 1;
    else if ("}])".includes(character)) depth -= 1;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}

function printObject(printer: TypePrinter, object: ObjectShape, hint: string): string {
  const members = objectMembers(printer, object, hint);
  if (members === undefined) return "never";
  const lines = withIndexSignatures(printer, object, { members, hint });
  if (lines.length === 0)
    return printer.profile === "exact" || !object.rest
      ? "{ [k: string]: never }"
      : `{ [k: string]: ${unknownType(printer.profile)} }`;
  const documented = lines.some(({ doc }) => doc !== "");
  if (!documented) return `{ ${lines.map(({ text }) => text).join("; ")} }`;
  const rows = lines.map(({ doc, text }) => (doc === "" ? `${text};` : `${doc}\n${text};`));
  return `{\n${rows.join("\n").replaceAll(/^/gm, "  ")}\n}`;
}
