import { docComment } from "./doc-comment.ts";
import { areDisjoint, matchesPattern, templateOf } from "./key-pattern.ts";
import { quoteText } from "./quote.ts";
import type { ObjectShape, PropertyShape } from "./shape.ts";
import { isLazyNever } from "./shape.ts";
import type { TypePrinter } from "./type-printer.ts";
import { unknownType } from "./type-printer.ts";

/** One line of an object type. */
interface Line {
  readonly text: string;
  readonly doc: string;
  readonly isRequired?: boolean;
}

/** One known property. */
interface Member extends Line {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
}

/** Every object type has these already: an optional one of another type would refuse `{}`. */
const INHERITED: ReadonlySet<string> = new Set(
  "constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable".split(
    " ",
  ),
);

/** Objects of one form as a type. */
export function printObject(printer: TypePrinter, object: ObjectShape, hint: string): string {
  const members = objectMembers(printer, object, hint);
  if (members === undefined) return "never";
  const lines = cutMembers(withIndexSignatures(printer, object, { members, hint }), printer);
  if (lines.length === 0)
    return printer.profile === "exact" || !object.rest
      ? "{ [k: string]: never }"
      : `{ [k: string]: ${unknownType(printer.profile)} }`;
  const documented = lines.some(({ doc }) => doc !== "");
  if (!documented) return `{ ${lines.map(({ text }) => text).join("; ")} }`;
  const rows = lines.map(({ doc, text }) => (doc === "" ? `${text};` : `${doc}\n${text};`));
  return `{\n${rows.join("\n").replaceAll(/^/gm, "  ")}\n}`;
}

/** The first lines, those that are required before others; the rest is counted. */
function cutMembers(lines: readonly Line[], { maxMembers }: TypePrinter): readonly Line[] {
  if (lines.length <= maxMembers) return lines;
  const sorted = lines.toSorted(
    (a, b) => Number(b.isRequired ?? false) - Number(a.isRequired ?? false),
  );
  const count = lines.length - maxMembers;
  return [...sorted.slice(0, maxMembers), { text: `/* ${count} more */`, doc: "" }];
}

/** The known properties; `undefined` where one that is required cannot exist. */
function objectMembers(
  printer: TypePrinter,
  object: ObjectShape,
  hint: string,
): readonly Member[] | undefined {
  const properties = new Map(object.properties);
  for (const { pattern, shape } of object.patterns) {
    const found = templateOf(pattern);
    // A pattern that is one whole name is a property.
    if (!found?.exact || found.template.includes("${string}")) continue;
    if (!properties.has(found.template)) properties.set(found.template, { shape, required: false });
  }
  const members: Member[] = [];
  for (const [name, property] of properties) {
    if (property.required && isLazyNever(property.shape)) return undefined;
    members.push(toMember(printer, { name, property, hint }));
  }
  return members;
}

function toMember(
  printer: TypePrinter,
  {
    name,
    property,
    hint,
  }: { readonly name: string; readonly property: PropertyShape; readonly hint: string },
): Member {
  const { shape, required, source } = property;
  const hasDefault = source !== undefined && Object.hasOwn(source, "default");
  const optional = !required || (printer.profile === "input" && hasDefault);
  const inherited = optional && INHERITED.has(name);
  const type = inherited
    ? unknownType(printer.profile)
    : printer.print(shape, `${hint}_${name.slice(0, 60)}`);
  const text = `${propertyKey(name)}${optional ? "?" : ""}: ${type}`;
  const doc = source ? docComment(source, printer.docs) : "";
  return { name, optional, isRequired: !optional, type, text, doc };
}

/** The members, and index signatures for whatever else the object may have. */
function withIndexSignatures(
  printer: TypePrinter,
  object: ObjectShape,
  { members, hint }: { readonly members: readonly Member[]; readonly hint: string },
): readonly Line[] {
  const unknown = unknownType(printer.profile);
  const patterns = object.patterns
    .map(({ pattern, shape }) => ({ pattern, shape, template: keyTemplate(pattern) }))
    .filter(({ template }) => template !== "");
  const patternTypes = patterns.map(({ shape }) => printer.print(shape, hint));
  const signatures = patterns.flatMap(({ pattern, template }, index) => {
    if (template === undefined) return [];
    // Signatures and members that share names must agree.
    const own = members.filter(({ name }) => matchesPattern(name, pattern) !== false);
    const types = patternTypes.filter((_type, other) => {
      const otherTemplate = patterns[other]?.template;
      return other === index || !otherTemplate || !areDisjoint(template, otherTemplate);
    });
    return {
      text: `[k: \`${template}\`]: ${indexType([...types, ...typesOf(own)], unknown)}`,
      doc: "",
    };
  });
  const rest = restType(printer, object, hint);
  if (rest === undefined) return [...members, ...signatures];
  // A closed object whose members are all optional: the compiler refuses what shares none of them.
  const isWeak = members.length > 0 && members.every(({ optional }) => optional);
  if (rest === "never" && patterns.length === 0 && isWeak) return members;
  const types = [...(rest === "never" ? [] : [rest]), ...patternTypes, ...typesOf(members)];
  return [
    ...members,
    ...signatures,
    { text: `[k: string]: ${types.length === 0 ? "never" : indexType(types, unknown)}`, doc: "" },
  ];
}

/** The template of a pattern's names: none where a type cannot say it, `""` where it is one name. */
function keyTemplate(pattern: string): string | undefined {
  const found = templateOf(pattern);
  if (!found?.exact) return undefined;
  return found.template.includes("${string}") ? found.template : "";
}

/** What other properties may be; `undefined` where nothing is to be said of them. */
function restType(printer: TypePrinter, object: ObjectShape, hint: string): string | undefined {
  const { rest, restIsStated, properties, patterns } = object;
  const type = rest && !isLazyNever(rest) ? printer.print(rest, hint) : "never";
  if (printer.profile === "exact") return type;
  const bare = properties.size === 0 && patterns.length === 0;
  // Without a signature a literal with a misspelt name is an error, which is what a writer wants.
  if (type === "never") return bare ? "never" : undefined;
  return restIsStated || bare || printer.profile === "output" ? type : undefined;
}

function typesOf(members: readonly Member[]): readonly string[] {
  const types = members.map(({ type }) => type);
  return members.some(({ optional }) => optional) ? [...types, "undefined"] : types;
}

function indexType(types: readonly string[], unknown: string): string {
  const distinct = [...new Set(types)];
  if (distinct.includes(unknown)) return unknown;
  const possible = distinct.filter((type) => type !== "never");
  return possible.length === 0 ? "never" : possible.join(" | ");
}

/** A name as a key of a type. */
function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : quoteText(name);
}
