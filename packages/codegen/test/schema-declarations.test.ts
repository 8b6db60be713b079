import { anything, assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";

import {
  escapeDocText,
  estimateTokens,
  firstSentence,
  schemaToDeclarations,
} from "../src/index.ts";
import type { Profile } from "../src/index.ts";

const typeOf = (schema: object | boolean, profile: Profile = "exact"): string =>
  schemaToDeclarations(
    { ...(typeof schema === "object" ? schema : {}) },
    { profile },
  ).text.trimEnd();

test.each<readonly [title: string, profile: Profile, schema: object, text: string]>([
  [
    "an array of an enum",
    "input",
    { type: "array", items: { enum: ["a", "b"] } },
    'type T = ("a" | "b")[];',
  ],
  [
    "a default makes a parameter optional",
    "input",
    {
      type: "object",
      properties: { a: { type: "number", default: 1 }, b: { type: "string" } },
      required: ["a", "b"],
    },
    "type T = { a?: number; b: string };",
  ],
  [
    "a result's default does not",
    "output",
    {
      type: "object",
      properties: { a: { type: "number", default: 1 } },
      required: ["a"],
      additionalProperties: false,
    },
    "type T = { a: number };",
  ],
  [
    "a result is open",
    "output",
    { type: "object", properties: { a: { type: "number" } } },
    "type T = { a?: number; [k: string]: any };",
  ],
  ["nothing is known", "output", {}, "type T = any;"],
  ["nothing is known of an input", "input", {}, "type T = unknown;"],
  [
    "no parameters",
    "input",
    { type: "object", additionalProperties: false },
    "type T = { [k: string]: never };",
  ],
  [
    "properties without a type mean an object",
    "input",
    { properties: { a: {} } },
    "type T = { a?: unknown };",
  ],
  ["a union beside null", "input", { type: ["string", "null"] }, "type T = string | null;"],
  ["nullable", "input", { type: "string", nullable: true }, "type T = string | null;"],
  [
    "allOf over unions",
    "input",
    { allOf: [{ enum: ["a", "b"] }, { enum: ["b", "c"] }] },
    'type T = "b";',
  ],
  [
    "a constant",
    "exact",
    { const: { a: [1, null] } },
    "type T = { a: [1, null]; [k: string]: [1, null] };",
  ],
  [
    "keys that need quotes",
    "input",
    { type: "object", properties: { "x-y": {}, ["__proto__"]: { type: "number" } } },
    'type T = { "x-y"?: unknown; "__proto__"?: number };',
  ],
  [
    "a reference out of the document",
    "input",
    { $ref: "https://elsewhere.example/schema" },
    "type T = unknown;",
  ],
  [
    "recursion",
    "input",
    { type: "object", properties: { next: { $ref: "#" } } },
    "type T = { next?: T };",
  ],
  [
    "a fixed tuple",
    "input",
    {
      type: "array",
      prefixItems: [{ type: "number" }, { type: "string" }],
      minItems: 2,
      maxItems: 2,
    },
    "type T = [number, string];",
  ],
  ["nothing fits", "exact", { not: {} }, "type T = never;"],
])("%s", (...[, profile, schema, text]) => {
  const printed = typeOf(schema, profile);

  expect(printed.split("\n").at(-1)).toContain(text);
});

test("docs are on the line before, first sentence or in full with limits", () => {
  const schema = {
    type: "object",
    properties: {
      n: { type: "integer", description: "How many. At most.", maximum: 5, default: 1 },
    },
  };
  const print = (docs: "first" | "full") =>
    schemaToDeclarations(schema, { profile: "input", docs }).text;

  expect(print("first")).toContain("/** How many. [default 1] */\n  n?: number;");
  expect(print("full")).toContain("/** How many. At most. [integer, default 1, <= 5] */");
});

test("whatever the schema, there is a type", () => {
  assert(
    property(jsonValue({ maxDepth: 6 }), (value) => {
      const schema =
        typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : true;
      expect(schemaToDeclarations(schema).text).toContain("type T =");
    }),
  );
  assert(
    property(anything(), (value) => {
      expect(
        schemaToDeclarations({
          type: "object",
          properties: { a: value },
          $ref: value,
          allOf: value,
          enum: value,
        }).text,
      ).toContain("type T =");
    }),
  );
});

test.each([
  [
    "references in a circle",
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
  ],
  ["a reference to itself", { $ref: "#" }],
  ["allOf of itself", { allOf: [{ $ref: "#" }, { type: "string" }] }],
  ["not itself", { properties: { a: { not: { $ref: "#" } } } }],
  [
    "a union that doubles",
    {
      $defs: Object.fromEntries(
        Array.from({ length: 40 }, (_, n) => [
          `d${n}`,
          { oneOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
        ]),
      ),
      $ref: "#/$defs/d0",
    },
  ],
  [
    "a deep schema",
    Array.from({ length: 5_000 }).reduce<object>(
      (inner) => ({ type: "object", properties: { a: inner } }),
      {},
    ),
  ],
  ["a large enum", { enum: Array.from({ length: 50_000 }, (_, n) => n) }],
])(
  "%s ends in a type",
  (_title, schema) => {
    expect(typeOf(schema)).toContain("type T =");
  },
  5_000,
);

test("texts of servers stay inside their comment and on their line", () => {
  expect(escapeDocText("a */ b\n\u2028c\u202e\0d")).toBe("a *\\/ b c d");
  expect(escapeDocText("ends with *")).not.toMatch(/\*$/);
  expect(firstSentence("Reads v1.2 of a file. Then more.")).toBe("Reads v1.2 of a file.");
  expect(firstSentence("x".repeat(1_000)).length).toBeLessThan(210);
  expect(estimateTokens("12345678")).toBe(2);
});
