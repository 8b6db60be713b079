import { meetLazy } from "./combine.ts";
import { evaluatedProperties } from "./evaluated.ts";
import { matchesPattern } from "./key-pattern.ts";
import type { Reader } from "./read-schema.ts";
import type { SchemaNode } from "./schema-document.ts";
import { isRecord, isSchema } from "./schema-document.ts";
import type { LazyShape, ObjectShape, PatternShape, PropertyShape } from "./shape.ts";
import { ANY_OBJECT, NEVER, UNKNOWN } from "./shape.ts";

const NOTHING: LazyShape = { key: "never", get: () => NEVER };

/** What a schema says of objects; none where it admits none. */
export function readObject(reader: Reader, node: SchemaNode): readonly ObjectShape[] {
  const { schema, base } = node;
  if (typeof schema === "boolean") return [];
  const stated = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(
    Array.isArray(schema["required"]) ? schema["required"].filter(isText) : [],
  );
  const patterns = readPatterns(reader, node);
  const rest = readRest(reader, node);
  const properties = new Map<string, PropertyShape>();
  for (const [name, inner] of Object.entries(stated)) {
    const shape = patterns
      .filter(({ pattern }) => matchesPattern(name, pattern) === true)
      .reduce((met, pattern) => meetLazy(met, pattern.shape), reader.child(inner, base));
    const source = isRecord(inner) ? { source: inner } : {};
    properties.set(name, { shape, required: required.has(name), ...source });
  }
  for (const name of required) {
    if (!properties.has(name))
      properties.set(name, { shape: shapeOfOther(name, patterns, rest), required: true });
  }
  const names = schema["propertyNames"];
  const closedNames = namesOf(names);
  const empty = names === false || schema["maxProperties"] === 0;
  if (closedNames || empty)
    return restrictNames({ properties, patterns, rest, restIsStated: true }, new Set(closedNames));
  if (
    [...properties.values()].some((property) => property.required && property.shape.key === "never")
  )
    return [];
  return [
    { properties, patterns, rest, restIsStated: Object.hasOwn(schema, "additionalProperties") },
  ];
}

/** The only names that `propertyNames` lets through, where it lists them. */
function namesOf(names: unknown): readonly string[] | undefined {
  if (!isRecord(names)) return undefined;
  if (Array.isArray(names["enum"])) return names["enum"].filter(isText);
  return isText(names["const"]) ? [names["const"]] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function readPatterns(reader: Reader, { schema, base }: SchemaNode): readonly PatternShape[] {
  const patterns = typeof schema === "object" ? schema["patternProperties"] : undefined;
  if (!isRecord(patterns)) return [];
  return Object.entries(patterns).map(([pattern, inner]) => ({
    pattern,
    shape: reader.child(inner, base),
  }));
}

function readRest(reader: Reader, { schema, base }: SchemaNode): LazyShape | undefined {
  if (typeof schema === "boolean") return UNKNOWN;
  const { additionalProperties } = schema;
  if (!isSchema(additionalProperties)) return UNKNOWN;
  return additionalProperties === false ? undefined : reader.child(additionalProperties, base);
}

function shapeOfOther(
  name: string,
  patterns: readonly PatternShape[],
  rest: LazyShape | undefined,
): LazyShape {
  const judged = patterns.map(({ pattern, shape }) => ({
    shape,
    matches: matchesPattern(name, pattern),
  }));
  if (judged.some(({ matches }) => matches === undefined)) return UNKNOWN;
  const matching = judged.filter(({ matches }) => matches === true);
  if (matching.length > 0) return matching.map(({ shape }) => shape).reduce(meetLazy);
  return rest ?? NOTHING;
}

/** Only these names may occur. */
function restrictNames(object: ObjectShape, names: ReadonlySet<string>): readonly ObjectShape[] {
  const properties = new Map<string, PropertyShape>();
  for (const name of names) {
    const known = object.properties.get(name);
    properties.set(
      name,
      known ?? { shape: shapeOfOther(name, object.patterns, object.rest), required: false },
    );
  }
  for (const [name, { required }] of object.properties) if (required && !names.has(name)) return [];
  return [{ properties, patterns: [], rest: undefined, restIsStated: true }];
}

/** `dependentRequired`, `dependentSchemas`, `dependencies` and `unevaluatedProperties`: each a choice of forms. */
export function readDependencies(
  reader: Reader,
  node: SchemaNode,
): readonly (readonly ObjectShape[])[] {
  const { schema, base } = node;
  if (typeof schema === "boolean") return [];
  const rules: (readonly ObjectShape[])[] = [];
  for (const keyword of ["dependentRequired", "dependentSchemas", "dependencies"]) {
    const dependencies = schema[keyword];
    if (!isRecord(dependencies)) continue;
    for (const [name, dependency] of Object.entries(dependencies)) {
      const absent = {
        ...ANY_OBJECT,
        properties: new Map([[name, { shape: NOTHING, required: false }]]),
      };
      const present = readDependency(reader, { name, dependency, base });
      rules.push([absent, ...present]);
    }
  }
  const closed =
    schema["unevaluatedProperties"] === false ? evaluatedProperties(reader, node) : undefined;
  if (closed) {
    const properties = new Map(
      [...closed].map((name) => [name, { shape: UNKNOWN, required: false }]),
    );
    rules.push([{ properties, patterns: [], rest: undefined, restIsStated: true }]);
  }
  return rules;
}

/** The forms of an object that has the property. */
function readDependency(
  reader: Reader,
  {
    name,
    dependency,
    base,
  }: { readonly name: string; readonly dependency: unknown; readonly base: string },
): readonly ObjectShape[] {
  const required = Array.isArray(dependency) ? dependency.filter(isText) : [];
  const names = [name, ...required];
  const properties = new Map(names.map((key) => [key, { shape: UNKNOWN, required: true }]));
  const form: ObjectShape = { ...ANY_OBJECT, properties };
  if (!isSchema(dependency)) return [form];
  const { objects } = reader.child({ allOf: [dependency, { required: [name] }] }, base).get();
  return objects;
}
