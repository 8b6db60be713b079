import { printArray } from "./emit-array.ts";
import { printObject } from "./emit-object.ts";
import { quoteText } from "./quote.ts";
import type { ObjectShape, Shape, StringChoice } from "./shape.ts";
import { isAnyObject, isNever, isUnknown } from "./shape.ts";
import { freshName } from "./type-name.ts";
import type { Docs, Profile, TypePrinter } from "./type-printer.ts";
import { unknownType } from "./type-printer.ts";

/** A type that was printed. */
export interface PrintedType {
  readonly key: string;
  readonly text: string;
  readonly hint: string;
}

/** How to print. */
export interface PrinterOptions {
  readonly profile: Profile;
  readonly docs: Docs;
  /** Names that an alias must not take. Grows with the aliases. */
  readonly taken: Set<string>;
  /** What the printed type is to be called where it refers to itself. */
  readonly rootName?: string;
  /** The name that other places give this type too; it then becomes an alias. */
  readonly nameOf?: (key: string) => string | undefined;
  /** Told of every place where a type is printed. */
  readonly onPrint?: (printed: PrintedType) => void;
  /** Objects deeper than this stand as a name alone, without aliases. Default: all in full. */
  readonly maxDepth?: number;
  /** Most members of an object type; the others become a comment. Default: all. */
  readonly maxMembers?: number;
}

/** A shorter type costs less where it stands than as a name. */
export const MIN_SHARED_LENGTH = 80;

// Past this, a schema is an attack or a mistake; the widest type stands for the rest.
const MAX_DEPTH = 60;
const MAX_PRINTED = 20_000;

/** Prints shapes as types. */
export function createTypePrinter(options: PrinterOptions): TypePrinter {
  const { profile, docs, taken, maxDepth } = options;
  const names = new Map<string, string>();
  const aliases = new Map<string, string>();
  const inline = new Map<string, string>();
  const stack: string[] = [];
  const hints = new Map<string, string>();
  let printed = 0;
  let isCut = false;

  const nameFor = (key: string, hint: string): string => {
    const own = key === stack[0] ? options.rootName : undefined;
    const name = names.get(key) ?? own ?? freshName(hints.get(key) ?? hint, taken);
    names.set(key, name);
    return name;
  };
  /** What is known of a type before it is printed. */
  const knownText = (key: string, hint: string): string | undefined => {
    const name = names.get(key);
    if (name !== undefined && (aliases.has(name) || stack.includes(key))) return name;
    if (stack.includes(key)) return nameFor(key, hint);
    const text = inline.get(key);
    if (text === undefined) return undefined;
    options.onPrint?.({ key, text, hint });
    // A long type that comes again is named, or types of types would grow without end.
    if (text.length < MIN_SHARED_LENGTH || maxDepth !== undefined) return text;
    const alias = nameFor(key, hint);
    aliases.set(alias, text);
    return alias;
  };
  const printer: TypePrinter = {
    profile,
    docs,
    maxMembers: options.maxMembers ?? Infinity,
    print(shape, hint) {
      const { key } = shape;
      if (key === "unknown") return unknownType(profile);
      const known = knownText(key, hint);
      if (known !== undefined) return known;
      printed += 1;
      if (stack.length > MAX_DEPTH || printed > MAX_PRINTED) {
        isCut = true;
        return unknownType(profile);
      }
      const sharedName = options.nameOf?.(key);
      if (sharedName !== undefined) names.set(key, sharedName);
      hints.set(key, hint);
      stack.push(key);
      const text = printShape(printer, shape.get(), hint);
      stack.pop();
      options.onPrint?.({ key, text, hint });
      // It has a name where something inside referred to it, or it is shared.
      const name = names.get(key);
      if (name === undefined) inline.set(key, text);
      else aliases.set(name, text);
      return name ?? text;
    },
    isTooDeep: () => maxDepth !== undefined && stack.length > maxDepth,
    newName: (hint) => freshName(hint, taken),
    aliases: () => [...aliases].map(([name, text]) => `type ${name} = ${text};`),
    isCut: () => isCut,
  };
  return printer;
}

/** A shape as a union of its kinds. */
function printShape(printer: TypePrinter, shape: Shape, hint: string): string {
  if (isUnknown(shape)) return unknownType(printer.profile);
  if (isNever(shape)) return "never";
  const parts = [
    ...printStrings(shape.strings, printer.profile),
    ...(shape.numbers === "any" ? ["number"] : shape.numbers.map(String)),
    ...(shape.booleans.length === 2 ? ["boolean"] : shape.booleans.map(String)),
    ...shape.arrays.map((array) => printArray(printer, array, hint)),
    ...printObjects(printer, shape.objects, hint),
    ...(shape.null ? ["null"] : []),
  ];
  const possible = parts.filter((part) => part !== "never");
  return possible.length === 0 ? "never" : [...new Set(possible)].join(" | ");
}

function printObjects(
  printer: TypePrinter,
  objects: readonly ObjectShape[],
  hint: string,
): readonly string[] {
  const isPlain = objects.every(isAnyObject);
  if (printer.isTooDeep() && !isPlain) return [printer.newName(hint)];
  return objects.map((object) => printObject(printer, object, hint));
}

function printStrings(strings: Shape["strings"], profile: Profile): readonly string[] {
  if (strings === "any") return ["string"];
  // A text that a program puts together is of no template.
  const isPattern = strings.some((choice) => typeof choice !== "string");
  return isPattern && profile !== "exact" ? ["string"] : strings.map(printString);
}

function printString(choice: StringChoice): string {
  return typeof choice === "string" ? quoteText(choice) : `\`${choice.template}\``;
}
