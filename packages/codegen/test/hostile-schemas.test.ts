import type { JsonSchema } from "@codemode/core";
import { isRecord } from "@codemode/core";
import {
  array,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  letrec,
  oneof,
  property,
} from "fast-check";
import { expect, test } from "vitest";

import type { Profile } from "../src/index.ts";
import { bindingModule, schemaToDeclarations, toolSignature } from "../src/index.ts";
import { boundServer } from "./support/bound-tools.ts";

const PROFILES: readonly Profile[] = ["exact", "input", "output"];
const STRING = { type: "string" };
const DEPTH = 10_000;

/** A schema around a schema around a schema. */
function nest(depth: number, wrap: (inner: JsonSchema) => JsonSchema): JsonSchema {
  let schema: JsonSchema = STRING;
  for (let level = 0; level < depth; level += 1) schema = wrap(schema);
  return schema;
}

/** A chain of definitions, each made of the next. */
function chain(length: number, link: (next: JsonSchema) => JsonSchema): JsonSchema {
  const links = Array.from({ length }, (_, n) => [`d${n}`, link({ $ref: `#/$defs/d${n + 1}` })]);
  return { $ref: "#/$defs/d0", $defs: { ...Object.fromEntries(links), [`d${length}`]: STRING } };
}

/** Definitions that all refer to all. */
function mesh(size: number, keyword: string): JsonSchema {
  const all = Array.from({ length: size }, (_, n) => ({ $ref: `#/$defs/d${n}` }));
  const defs = all.map((_ref, n) => [`d${n}`, { [keyword]: all }]);
  return { $ref: "#/$defs/d0", $defs: Object.fromEntries(defs) };
}

function texts(length: number): readonly string[] {
  return Array.from({ length }, (_, n) => `v${n}`);
}

function named(names: readonly string[], value: unknown): { readonly [name: string]: unknown } {
  return Object.fromEntries(names.map((name) => [name, value]));
}

function printAll(schema: JsonSchema): readonly string[] {
  const server = boundServer("s", [{ name: "t", inputSchema: schema, outputSchema: schema }]);
  const [tool] = server.tools;
  return [
    ...PROFILES.map((profile) => schemaToDeclarations(schema, { profile, docs: "full" }).text),
    bindingModule(server).text,
    tool ? toolSignature(server, tool) : "",
  ];
}

test.each<readonly [title: string, make: () => JsonSchema]>([
  ["properties in properties", () => nest(DEPTH, (a) => ({ type: "object", properties: { a } }))],
  ["arrays in arrays", () => nest(DEPTH, (items) => ({ type: "array", items }))],
  ["allOf in allOf", () => nest(DEPTH, (inner) => ({ allOf: [inner] }))],
  ["anyOf in anyOf", () => nest(DEPTH, (inner) => ({ anyOf: [inner, { type: "null" }] }))],
  ["oneOf in oneOf", () => nest(DEPTH, (inner) => ({ oneOf: [inner, { type: "null" }] }))],
  ["not in not", () => nest(DEPTH, (not) => ({ not }))],
  ["dependencies in dependencies", () => nest(DEPTH, (a) => ({ dependentSchemas: { a } }))],
  ["deep constants", () => nest(DEPTH, (inner) => ({ const: inner }))],
  ["deep defaults", () => nest(DEPTH, (inner) => ({ default: inner }))],
  ["conditions that double", () => nest(40, (inner) => ({ if: inner, else: inner }))],
  ["unions that double", () => chain(40, (next) => ({ anyOf: [next, next] }))],
  ["exclusive unions that double", () => chain(40, (next) => ({ oneOf: [next, next] }))],
  ["intersections that double", () => chain(40, (next) => ({ allOf: [next, next] }))],
  ["objects that double", () => chain(40, (a) => ({ type: "object", properties: { a, b: a } }))],
  ["a circle of references", () => mesh(1, "allOf")],
  ["unions of all in all", () => mesh(12, "anyOf")],
  ["exclusive unions of all in all", () => mesh(5, "oneOf")],
  ["intersections of all in all", () => mesh(12, "allOf")],
  ["a huge enum", () => ({ enum: texts(100_000) })],
  ["huge enums that meet", () => ({ allOf: texts(100).map(() => ({ enum: texts(2_000) })) })],
  ["a huge enum of objects", () => ({ enum: texts(2_000).map((k) => ({ k })) })],
  ["a huge union", () => ({ anyOf: texts(5_000).map((k) => ({ properties: { [k]: STRING } })) })],
  [
    "an intersection of unions",
    () => ({
      allOf: texts(20).map((a) => ({
        anyOf: texts(7).map((b) => ({ type: "object", required: [a + b] })),
      })),
    }),
  ],
  ["many properties", () => ({ type: "object", properties: named(texts(20_000), STRING) })],
  ["many required names", () => ({ type: "object", required: texts(100_000) })],
  [
    "many patterns",
    () => ({
      patternProperties: named(texts(300), STRING),
      properties: named(texts(2_000), STRING),
    }),
  ],
  [
    "a long tuple",
    () => ({ type: "array", minItems: 50_000, prefixItems: texts(50_000).map(() => STRING) }),
  ],
  ["a huge minimal length", () => ({ type: "array", minItems: 1e300, items: STRING })],
  [
    "many dependencies",
    () => ({ type: "object", dependentRequired: named(texts(200), ["x", "y"]) }),
  ],
  ["a pattern that takes forever", () => ({ type: "string", pattern: "^(a+)+$".repeat(1_000) })],
  ["a reference of a long path", () => ({ $ref: `#/${"a/".repeat(100_000)}` })],
  ["addresses that are none", () => ({ $id: "http://[", properties: { a: { $ref: "%%%#%E0%" } } })],
  [
    "a long name",
    () => ({ properties: { ["x".repeat(100_000)]: { properties: { a: { $ref: "#" } } } } }),
  ],
  [
    "keywords of the wrong kind",
    () => ({
      type: ["toString", 1],
      $ref: 7,
      enum: {},
      required: "x",
      properties: [],
      items: null,
      allOf: {},
      anyOf: [null, 3],
      not: [],
      if: 7,
    }),
  ],
])(
  "%s end in a type",
  (_title, make) => {
    for (const text of printAll(make())) expect(text).toMatch(/\bT\b|t\(|Tool/);
  },
  20_000,
);

/** Schemas of right keywords with arguments that are mostly right, references among them. */
const { schema: anySchema } = letrec((tie) => ({
  schema: oneof(
    { maxDepth: 4, withCrossShrink: true },
    constantFrom<unknown>(true, false, {}, { $ref: "#" }, { $ref: "#/$defs/a" }, { $ref: "x" }),
    dictionary(
      constantFrom("type", "enum", "const", "required", "minItems", "pattern", "default", "$id"),
      oneof(jsonValue({ maxDepth: 2 }), constantFrom("object", "array", "string", "^x-")),
      { maxKeys: 3 },
    ),
    dictionary(
      constantFrom("items", "not", "if", "then", "else", "additionalProperties", "contains"),
      tie("schema"),
      { maxKeys: 3 },
    ),
    dictionary(
      constantFrom("allOf", "anyOf", "oneOf", "prefixItems"),
      array(tie("schema"), { maxLength: 4 }),
      { maxKeys: 2 },
    ),
    dictionary(
      constantFrom("properties", "$defs", "patternProperties", "dependentSchemas"),
      dictionary(constantFrom("a", "b", "^a", "__proto__", "x-y"), tie("schema"), { maxKeys: 3 }),
      { maxKeys: 2 },
    ),
  ),
}));

test("whatever schemas are made of each other, there is a type", () => {
  assert(
    property(anySchema, (schema) => {
      for (const profile of PROFILES) {
        const given = isRecord(schema) || typeof schema === "boolean" ? schema : {};
        const { text, diagnostics } = schemaToDeclarations(given, { profile });
        expect(text).toMatch(/^type T\w* = ./m);
        expect(diagnostics.filter(({ code }) => code !== "SCHEMA_TYPE_UNKNOWN")).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test.each<readonly [title: string, schema: JsonSchema]>([
  ["a document elsewhere", { $ref: "https://elsewhere.example/schema" }],
  ["an enum too long to list", { enum: texts(3_000) }],
  ["a type of no standard", { type: "date" }],
  ["what is too deep to read", nest(201, (not) => ({ not }))],
])("nothing is concluded from %s", (_title, schema) => {
  expect(schemaToDeclarations({ not: schema }).text).toBe("type T = unknown;\n");
  expect(schemaToDeclarations({ oneOf: [schema, schema] }).text).not.toContain("never");
});

test("nothing is concluded from dependent schemas whose rules no type can say", () => {
  const not = { dependentSchemas: { a: { minProperties: 3 } } };
  expect(schemaToDeclarations({ type: "object", not }).text).toBe(
    "type T = { [k: string]: unknown };\n",
  );
});

function variant(kind: string): JsonSchema {
  const properties = { kind: { const: kind }, [kind]: STRING };
  return { type: "object", properties, required: ["kind"] };
}

test("exclusive objects that a constant tells apart are not told apart again", () => {
  const { text } = schemaToDeclarations(
    { oneOf: [variant("a"), variant("b")] },
    { profile: "input" },
  );
  expect(text).toBe('type T = { kind: "a"; a?: string } | { kind: "b"; b?: string };\n');
});
