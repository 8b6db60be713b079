import { isLazyNever } from "./combine.ts";
import { docComment } from "./doc-comment.ts";
import { matchesPattern, templateOf } from "./key-pattern.ts";
import type { ObjectShape, PropertyShape } from "./shape.ts";
import type { TypePrinter } from "./type-printer.ts";
import { unknownType } from "./type-printer.ts";

/** One member of an object type. */
export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly text: string;
  readonly doc: string;
}

/** Every object type has these already: an optional one of another type would refuse `{}`. */
const INHERITED: ReadonlySet<string> = new Set(
  "constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable".split(
    " ",
  ),
);

/** The known properties; `undefined` where one that is required cannot exist. */
export function objectMembers(
  printer: TypePrinter,
  object: ObjectShape,
  hint: string,
): readonly Member[] | undefined {
  const properties = new Map(object.properties);
  for (const { pattern, shape } of object.patterns) {
    const template = templateOf(pattern);
    // A pattern that is one whole name is a property.
    if (template === undefined || template.includes("${string}")) continue;
    if (!properties.has(template)) properties.set(template, { shape, required: false });
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
  const type = inherited ? unknownType(printer.profile) : printer.print(shape, `${hint}_${name}`);
  const text = `${propertyKey(name)}${optional ? "?" : ""}: ${type}`;
  return { name, optional, type, text, doc: source ? docComment(source, printer.docs) : "" };
}

/** The members, and index signatures for whatever else the object may have. */
export function withIndexSignatures(
  printer: TypePrinter,
  object: ObjectShape,
  { members, hint }: { readonly members: readonly Member[]; readonly hint: string },
): readonly { readonly text: string; readonly doc: string }[] {
  const unknown = unknownType(printer.profile);
  const templates = object.patterns
    .map(({ pattern, shape }) => ({ pattern, shape, template: templateOf(pattern) }))
    .filter(({ template }) => template?.includes("${string}") ?? true);
  const patternTypes = templates.map(({ shape }) => printer.print(shape, hint));
  const signatures = templates
    .filter(({ template }) => template !== undefined)
    .map(({ pattern, template }) => {
      const own = members.filter(({ name }) => matchesPattern(name, pattern) !== false);
      return {
        text: `[k: \`${template ?? ""}\`]: ${indexType([...patternTypes, ...typesOf(own)], unknown)}`,
        doc: "",
      };
    });
  const rest = restType(printer, object, hint);
  if (rest === undefined) return [...members, ...signatures];
  // A closed object whose members are all optional: the compiler refuses what shares none of them.
  const isWeak = members.length > 0 && members.every(({ optional }) => optional);
  if (rest === "never" && templates.length === 0 && isWeak) return members;
  const types = [...(rest === "never" ? [] : [rest]), ...patternTypes, ...typesOf(members)];
  return [
    ...members,
    ...signatures,
    { text: `[k: string]: ${types.length === 0 ? "never" : indexType(types, unknown)}`, doc: "" },
  ];
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
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : JSON.stringify(name);
}
