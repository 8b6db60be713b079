import type { BindingPattern, FormalParameter, ParamPattern } from "oxc-parser";

import { literalValue } from "./literal-value.ts";
import type { AnyFunction } from "./module-shape.ts";
import type { SkillCall } from "./skill.ts";
import { propertyName, typeToSchema, withDescription } from "./type-schema.ts";
import type { SchemaObject, TypeScope } from "./type-schema.ts";

/** How a function is called, by its own text. */
export interface FunctionParameters {
  readonly parameters: SchemaObject;
  readonly call: SkillCall;
}

interface Parameter {
  readonly name: string;
  readonly schema: SchemaObject;
  readonly optional: boolean;
  readonly rest: boolean;
  /** Taken apart, or of an object type: then it may hold all the arguments. */
  readonly object: boolean;
}

/** Texts of the doc comment, by the name of a parameter or `args.name`. */
export type ParameterTexts = ReadonlyMap<string, string>;

/** Parameters of a function as the JSON Schema of one object. */
export function functionParameters(
  node: AnyFunction,
  scope: TypeScope,
  texts: ParameterTexts,
): FunctionParameters {
  const found = node.params.map((param, index) => readParameter(param, index, scope));
  const [only, ...others] = found;
  if (only?.object === true && others.length === 0) {
    return { parameters: describeProperties(only.schema, texts), call: { style: "object" } };
  }
  const properties = found.map(
    ({ name, schema }) => [name, withDescription(schema, texts.get(name))] as const,
  );
  const required = found.filter(({ optional }) => !optional).map(({ name }) => name);
  return {
    parameters: {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    },
    call: {
      style: "positional",
      names: found.map(({ name }) => name),
      rest: found.at(-1)?.rest === true,
    },
  };
}

function readParameter(param: ParamPattern, index: number, scope: TypeScope): Parameter {
  if (param.type === "RestElement") {
    const name = param.argument.type === "Identifier" ? param.argument.name : `arg${index + 1}`;
    const annotation = param.typeAnnotation?.typeAnnotation;
    const schema = annotation ? typeToSchema(annotation, scope) : { type: "array" };
    return { name, schema, optional: true, rest: true, object: false };
  }
  if (param.type === "TSParameterProperty") {
    return { name: `arg${index + 1}`, schema: {}, optional: true, rest: false, object: false };
  }
  return readPlain(param, index, scope);
}

function readPlain(param: FormalParameter, index: number, scope: TypeScope): Parameter {
  const withDefault = param.type === "AssignmentPattern";
  const pattern = withDefault ? param.left : param;
  const fallback = withDefault ? literalValue(param.right) : undefined;
  const annotation = pattern.typeAnnotation?.typeAnnotation;
  const stated = annotation
    ? typeToSchema(annotation, scope)
    : (patternSchema(pattern) ?? typeOfValue(fallback));
  const optional = withDefault || isOptional(pattern);
  const schema =
    fallback === undefined || pattern.type === "ObjectPattern"
      ? stated
      : { ...stated, default: fallback };
  const isObject = stated["type"] === "object" && "properties" in stated;
  const takenApart = pattern.type === "ObjectPattern" && typeof stated["type"] === "string";
  return {
    name: pattern.type === "Identifier" ? pattern.name : `arg${index + 1}`,
    schema: withDefaults(schema, pattern),
    optional,
    rest: false,
    object: isObject || takenApart || isArgumentsName(pattern, stated),
  };
}

/** The parser's types say that no pattern is; it says so of `a?: string` all the same. */
function isOptional(pattern: object): boolean {
  return "optional" in pattern && pattern.optional === true;
}

/** An untyped `args` is what models call the one object of arguments. */
function isArgumentsName(pattern: BindingPattern, stated: SchemaObject): boolean {
  return (
    pattern.type === "Identifier" &&
    /^_?(?:args|params|input|options)$/.test(pattern.name) &&
    (Object.keys(stated).length === 0 || stated["type"] === "object")
  );
}

function typeOfValue(value: unknown): SchemaObject {
  if (Array.isArray(value)) return { type: "array" };
  if (value === null || value === undefined) return {};
  return { type: typeof value };
}

/** Of `{ path, limit = 5 }` without a type. */
function patternSchema(pattern: BindingPattern): SchemaObject | undefined {
  if (pattern.type !== "ObjectPattern") return undefined;
  const properties: [string, SchemaObject][] = [];
  const required: string[] = [];
  for (const property of pattern.properties) {
    if (property.type === "RestElement") continue;
    const name = propertyName(property.key, property.computed);
    if (name === undefined) continue;
    const value = property.value.type === "AssignmentPattern" ? property.value : undefined;
    properties.push([name, value ? typeOfValue(literalValue(value.right)) : {}]);
    if (!value) required.push(name);
  }
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** `{ limit = 5 }`: the default of a property, which may then be left out. */
function withDefaults(schema: SchemaObject, pattern: BindingPattern): SchemaObject {
  if (pattern.type !== "ObjectPattern") return schema;
  const properties = new Map(Object.entries(asRecord(schema["properties"])));
  const given = new Set<string>();
  for (const property of pattern.properties) {
    if (property.type === "RestElement" || property.value.type !== "AssignmentPattern") continue;
    const name = propertyName(property.key, property.computed);
    const known = name === undefined ? undefined : properties.get(name);
    if (name === undefined || known === undefined) continue;
    given.add(name);
    const value = literalValue(property.value.right);
    if (value !== undefined) properties.set(name, { ...asRecord(known), default: value });
  }
  const { required, ...rest } = schema;
  const left = Array.isArray(required) ? required.filter((name) => !given.has(String(name))) : [];
  return {
    ...rest,
    properties: Object.fromEntries(properties),
    ...(left.length === 0 ? {} : { required: left }),
  };
}

function describeProperties(schema: SchemaObject, texts: ParameterTexts): SchemaObject {
  const properties = Object.entries(asRecord(schema["properties"]));
  if (properties.length === 0) return { type: "object", ...schema };
  const described = properties.map(([name, value]) => {
    const text = texts.get(name) ?? [...texts].find(([key]) => key.endsWith(`.${name}`))?.[1];
    return [name, withDescription(asRecord(value), text)] as const;
  });
  return { ...schema, properties: Object.fromEntries(described) };
}

function asRecord(value: unknown): SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
