import { isRecord } from "@codemode/core";

import { matchesAll, matchesPattern } from "./key-pattern.ts";
import { meetLazy, shapeOfOther } from "./meet.ts";
import type { Reader } from "./read-schema.ts";
import type { SchemaNode } from "./schema-document.ts";
import { isSchema } from "./schema-document.ts";
import type { LazyShape, ObjectShape, PatternShape, PropertyShape } from "./shape.ts";
import { NOTHING, UNKNOWN, WIDEST } from "./shape.ts";

// More rules about names than this are read as none at all.
const MAX_PATTERNS = 64;

/** What a schema says of objects; none where it admits none. */
export function readObject(reader: Reader, node: SchemaNode): readonly ObjectShape[] {
  const { schema, base } = node;
  if (typeof schema === "boolean") return [];
  const stated = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(
    Array.isArray(schema["required"]) ? schema["required"].filter(isText) : [],
  );
  const others = readOthers(reader, node);
  const properties = new Map<string, PropertyShape>();
  for (const [name, inner] of Object.entries(stated)) {
    const shape = others.patterns
      .filter(({ pattern }) => matchesPattern(name, pattern) === true)
      .reduce((met, pattern) => meetLazy(met, pattern.shape), reader.child(inner, base));
    const source = isRecord(inner) ? { source: inner } : {};
    const own = others.all ? meetLazy(shape, others.all) : shape;
    properties.set(name, { shape: own, required: required.has(name), ...source });
  }
  for (const name of required) {
    if (!properties.has(name))
      properties.set(name, { shape: shapeOfOther(others, name) ?? NOTHING, required: true });
  }
  const object: ObjectShape = {
    properties,
    patterns: others.patterns,
    rest: others.rest,
    restIsStated: others.isStated,
  };
  const names = namesOf(schema);
  if (names) return restrictNames(object, new Set(names));
  const isImpossible = [...properties.values()].some(
    (property) => property.required && property.shape.key === "never",
  );
  return isImpossible ? [] : [object];
}

/** The rules for properties that are not listed. */
interface OtherProperties {
  readonly patterns: readonly PatternShape[];
  readonly rest: LazyShape | undefined;
  /** What a pattern that matches every name says of all properties. */
  readonly all: LazyShape | undefined;
  readonly isStated: boolean;
}

function readOthers(reader: Reader, { schema, base }: SchemaNode): OtherProperties {
  if (typeof schema === "boolean")
    return { patterns: [], rest: UNKNOWN, all: undefined, isStated: false };
  const { additionalProperties, patternProperties } = schema;
  const isStated = Object.hasOwn(schema, "additionalProperties");
  const rest =
    additionalProperties === false
      ? undefined
      : isSchema(additionalProperties)
        ? reader.child(additionalProperties, base)
        : UNKNOWN;
  const stated = Object.entries(isRecord(patternProperties) ? patternProperties : {});
  if (stated.length > MAX_PATTERNS) return { patterns: [], rest: WIDEST, all: undefined, isStated };
  const shapes = stated.map(([pattern, inner]) => ({ pattern, shape: reader.child(inner, base) }));
  const patterns = shapes.filter(({ pattern }) => !matchesAll(pattern));
  const general = shapes.filter(({ pattern }) => matchesAll(pattern));
  if (general.length === 0) return { patterns, rest, all: undefined, isStated };
  const all = general.map(({ shape }) => shape).reduce(meetLazy);
  return {
    patterns: patterns.map(({ pattern, shape }) => ({ pattern, shape: meetLazy(shape, all) })),
    rest: all,
    all,
    isStated: true,
  };
}

/** The only names that the schema lets through, where it lists them. */
function namesOf(schema: { readonly [keyword: string]: unknown }): readonly string[] | undefined {
  const { propertyNames } = schema;
  if (propertyNames === false || schema["maxProperties"] === 0) return [];
  if (!isRecord(propertyNames)) return undefined;
  if (Array.isArray(propertyNames["enum"])) return propertyNames["enum"].filter(isText);
  return isText(propertyNames["const"]) ? [propertyNames["const"]] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Only these names may occur. */
function restrictNames(object: ObjectShape, names: ReadonlySet<string>): readonly ObjectShape[] {
  const properties = new Map<string, PropertyShape>();
  for (const name of names) {
    const known = object.properties.get(name);
    const shape = known?.shape ?? shapeOfOther(object, name) ?? NOTHING;
    properties.set(name, known ?? { shape, required: false });
  }
  for (const [name, { required }] of object.properties) if (required && !names.has(name)) return [];
  return [{ properties, patterns: [], rest: undefined, restIsStated: true }];
}
