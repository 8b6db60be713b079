import { isRecord } from "@codemode/core";

import { evaluatedProperties } from "./evaluated.ts";
import type { Reader } from "./read-schema.ts";
import type { SchemaNode } from "./schema-document.ts";
import { isSchema } from "./schema-document.ts";
import type { ObjectShape } from "./shape.ts";
import { ANY_OBJECT, NOTHING, UNKNOWN } from "./shape.ts";

// Each rule may double the forms of an object; what comes after that many is left out.
const MAX_RULES = 16;

/** `dependentRequired`, `dependentSchemas`, `dependencies`, `unevaluatedProperties`: each a choice of forms. */
export function readDependencies(
  reader: Reader,
  node: SchemaNode,
): readonly (readonly ObjectShape[])[] {
  const { schema, base } = node;
  if (typeof schema === "boolean") return [];
  const isOld = reader.document.dialect === "draft7";
  const rules: (readonly ObjectShape[])[] = [];
  for (const keyword of isOld ? ["dependencies"] : ["dependentRequired", "dependentSchemas"]) {
    const dependencies = schema[keyword];
    if (!isRecord(dependencies)) continue;
    for (const [name, dependency] of Object.entries(dependencies)) {
      const property = { shape: NOTHING, required: false };
      const absent = { ...ANY_OBJECT, properties: new Map([[name, property]]) };
      rules.push([absent, ...readDependency(reader, { name, dependency, base })]);
    }
  }
  return [...closedNames(reader, node), ...rules].slice(0, MAX_RULES);
}

/** With `unevaluatedProperties: false`, only names that some schema in this place evaluates. */
function closedNames(reader: Reader, node: SchemaNode): readonly (readonly ObjectShape[])[] {
  const { schema } = node;
  if (typeof schema === "boolean" || schema["unevaluatedProperties"] !== false) return [];
  if (reader.document.dialect === "draft7") return [];
  const names = evaluatedProperties(reader, node);
  if (!names) return [];
  const properties = new Map([...names].map((name) => [name, { shape: UNKNOWN, required: false }]));
  return [[{ properties, patterns: [], rest: undefined, restIsStated: true }]];
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

function isText(value: unknown): value is string {
  return typeof value === "string";
}
