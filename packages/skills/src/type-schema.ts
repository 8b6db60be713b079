import type { JsonSchema } from "@codemode/core";
import type { PropertyKey, TSSignature, TSType, TSTypeName } from "oxc-parser";

/** A JSON Schema as it is built here. */
export type SchemaObject = { readonly [keyword: string]: unknown };

/** Types a module declares, by name; descriptions by the place a member starts at. */
export interface TypeScope {
  readonly types: ReadonlyMap<string, DeclaredType>;
  /** Text of the doc comment in front of a place. */
  readonly describe: (start: number) => string | undefined;
  /** Called for every type that is read; false once there are too many, as types of types may be. */
  readonly spend: () => boolean;
}

/** A type alias, or an interface with what it extends. */
export type DeclaredType =
  | { readonly kind: "alias"; readonly type: TSType }
  | {
      readonly kind: "interface";
      readonly members: readonly TSSignature[];
      readonly extended: readonly string[];
    }
  | { readonly kind: "enum"; readonly values: readonly (string | number)[] };

// Deeper types, and types of themselves, are anything.
const MAX_DEPTH = 12;

/** A TypeScript type as JSON Schema. What cannot be told is `{}`: anything. */
export function typeToSchema(type: TSType, scope: TypeScope, depth = 0): SchemaObject {
  if (depth > MAX_DEPTH || !scope.spend()) return {};
  const inner = (next: TSType): SchemaObject => typeToSchema(next, scope, depth + 1);
  switch (type.type) {
    case "TSStringKeyword":
    case "TSTemplateLiteralType":
      return { type: "string" };
    case "TSNumberKeyword":
      return { type: "number" };
    case "TSBooleanKeyword":
      return { type: "boolean" };
    case "TSNullKeyword":
      return { type: "null" };
    case "TSObjectKeyword":
      return { type: "object" };
    case "TSLiteralType":
      return literalSchema(type.literal);
    case "TSParenthesizedType":
      return inner(type.typeAnnotation);
    case "TSTypeOperator":
      return type.operator === "readonly" ? inner(type.typeAnnotation) : {};
    case "TSArrayType":
      return { type: "array", items: inner(type.elementType) };
    case "TSTupleType":
      return tupleSchema(type.elementTypes, inner);
    case "TSUnionType":
      return unionSchema(type.types.filter((one) => one.type !== "TSUndefinedKeyword").map(inner));
    case "TSIntersectionType":
      return mergeObjects(type.types.map(inner));
    case "TSTypeLiteral":
      return membersToSchema(type.members, scope, depth);
    case "TSTypeReference":
      return referenceSchema(type.typeName, type.typeArguments?.params ?? [], { scope, depth });
    default:
      return {};
  }
}

function literalSchema(
  literal: Extract<TSType, { type: "TSLiteralType" }>["literal"],
): SchemaObject {
  if (literal.type === "Literal") {
    const { value } = literal;
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? { const: value }
      : {};
  }
  if (literal.type !== "UnaryExpression" || literal.argument.type !== "Literal") return {};
  const { value } = literal.argument;
  return typeof value === "number" && literal.operator === "-" ? { const: -value } : {};
}

function tupleSchema(
  elements: Extract<TSType, { type: "TSTupleType" }>["elementTypes"],
  inner: (type: TSType) => SchemaObject,
): SchemaObject {
  const plain = elements.every(
    (element): element is TSType =>
      element.type !== "TSRestType" && element.type !== "TSOptionalType",
  );
  if (!plain) return { type: "array" };
  const types = elements.map((element) =>
    inner(element.type === "TSNamedTupleMember" ? tupleMember(element) : element),
  );
  return { type: "array", prefixItems: types, minItems: types.length, maxItems: types.length };
}

function tupleMember(element: Extract<TSType, { type: "TSNamedTupleMember" }>): TSType {
  const member = element.elementType;
  return member.type === "TSRestType" || member.type === "TSOptionalType"
    ? { type: "TSAnyKeyword", start: member.start, end: member.end }
    : member;
}

/** Literals become one `enum`. */
function unionSchema(schemas: readonly SchemaObject[]): SchemaObject {
  if (schemas.some((schema) => Object.keys(schema).length === 0)) return {};
  const constants = schemas.flatMap((schema) => ("const" in schema ? [schema["const"]] : []));
  const others = schemas.filter((schema) => !("const" in schema));
  const literals = constants.length > 1 ? [{ enum: [...new Set(constants)] }] : [];
  const single = constants.length === 1 ? [{ const: constants[0] }] : [];
  const [first, ...rest] = [...others, ...literals, ...single];
  if (first === undefined) return {};
  return rest.length === 0 ? first : { anyOf: [first, ...rest] };
}

function mergeObjects(schemas: readonly SchemaObject[]): SchemaObject {
  if (schemas.some((schema) => schema["type"] !== "object")) return { allOf: schemas };
  return schemas.reduce(mergeTwo, { type: "object", properties: {} });
}

function mergeTwo(left: SchemaObject, right: SchemaObject): SchemaObject {
  const required = [...strings(left["required"]), ...strings(right["required"])];
  return {
    ...left,
    ...right,
    properties: { ...record(left["properties"]), ...record(right["properties"]) },
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function record(value: unknown): SchemaObject {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** The members of an object type or interface. */
function membersToSchema(
  members: readonly TSSignature[],
  scope: TypeScope,
  depth: number,
): SchemaObject {
  const properties = new Map<string, JsonSchema>();
  const required: string[] = [];
  let others: SchemaObject | undefined;
  for (const member of members) {
    if (member.type === "TSIndexSignature") {
      others = typeToSchema(member.typeAnnotation.typeAnnotation, scope, depth + 1);
    }
    if (member.type !== "TSPropertySignature") continue;
    const name = propertyName(member.key, member.computed);
    if (name === undefined) continue;
    const schema = member.typeAnnotation
      ? typeToSchema(member.typeAnnotation.typeAnnotation, scope, depth + 1)
      : {};
    properties.set(name, withDescription(schema, scope.describe(member.start)));
    if (!member.optional) required.push(name);
  }
  return {
    type: "object",
    ...(properties.size === 0 && others ? {} : { properties: Object.fromEntries(properties) }),
    ...(required.length === 0 ? {} : { required }),
    ...(others ? { additionalProperties: others } : {}),
  };
}

/** A key that is written out. */
export function propertyName(key: PropertyKey, computed: boolean): string | undefined {
  if (key.type === "Literal") return String(key.value);
  return key.type === "Identifier" && !computed ? key.name : undefined;
}

export function withDescription(
  schema: SchemaObject,
  description: string | undefined,
): SchemaObject {
  return description === undefined || description === "" ? schema : { ...schema, description };
}

interface Place {
  readonly scope: TypeScope;
  readonly depth: number;
}

function referenceSchema(
  typeName: TSTypeName,
  args: readonly TSType[],
  { scope, depth }: Place,
): SchemaObject {
  if (typeName.type !== "Identifier") return {};
  const declared = scope.types.get(typeName.name);
  if (declared) return declaredSchema(declared, scope, depth);
  const [first, second] = args;
  const inner = (type: TSType | undefined): SchemaObject =>
    type ? typeToSchema(type, scope, depth + 1) : {};
  switch (typeName.name) {
    case "Array":
    case "ReadonlyArray":
    case "Iterable":
      return { type: "array", items: inner(first) };
    case "Set":
    case "ReadonlySet":
      return {};
    case "Record": {
      const values = inner(second);
      return {
        type: "object",
        ...(Object.keys(values).length === 0 ? {} : { additionalProperties: values }),
      };
    }
    case "Readonly":
    case "Required":
    case "NonNullable":
    case "Awaited":
    case "Promise":
      return inner(first);
    case "Partial": {
      const { required: _required, ...rest } = inner(first);
      return rest;
    }
    default:
      return {};
  }
}

/** A type the module declares. */
function declaredSchema(declared: DeclaredType, scope: TypeScope, depth: number): SchemaObject {
  if (depth > MAX_DEPTH || !scope.spend()) return {};
  if (declared.kind === "enum") return { enum: [...declared.values] };
  if (declared.kind === "alias") return typeToSchema(declared.type, scope, depth + 1);
  const own = membersToSchema(declared.members, scope, depth + 1);
  const extended = declared.extended.map((name) => {
    const base = scope.types.get(name);
    return base ? declaredSchema(base, scope, depth + 1) : { type: "object" };
  });
  return extended.length === 0 ? own : mergeObjects([...extended, own]);
}
