import { expect, test } from "vitest";

import { schemaToDeclarations, serverDeclarations } from "../src/index.ts";
import { boundServer } from "./support/bound-tools.ts";

const messagesOf = (schema: { readonly [keyword: string]: unknown }): readonly string[] =>
  schemaToDeclarations(schema).diagnostics.map(({ message }) => message);

test("a type of no standard is told with tool, place and word, and with the type that is meant", () => {
  const server = boundServer("shop", [
    {
      name: "order",
      inputSchema: {
        type: "object",
        properties: {
          count: { type: "int" },
          lines: { type: "array", items: { anyOf: [{ type: "strng" }, { type: "null" }] } },
        },
      },
      outputSchema: { type: "object", properties: { "a/b": { type: ["string", "file"] } } },
    },
  ]);

  const { text, diagnostics } = serverDeclarations(server);

  expect(text).toContain("count?: unknown");
  expect(diagnostics).toEqual([
    {
      code: "SCHEMA_TYPE_UNKNOWN",
      message:
        'The schema of "shop.order" (input) has the "type" "int" at "/properties/count", which JSON Schema does not know; its type is the widest there is. Did you mean "integer"?',
    },
    {
      code: "SCHEMA_TYPE_UNKNOWN",
      message: expect.stringContaining(
        '"strng" at "/properties/lines/items/anyOf/0", which JSON Schema does not know; its type is the widest there is. Did you mean "string"?',
      ),
    },
    {
      code: "SCHEMA_TYPE_UNKNOWN",
      message: expect.stringContaining(
        '"shop.order" (output) has the "type" "file" at "/properties/a~1b"',
      ),
    },
  ]);
});

test.each([
  ["any", 'Leave "type" out where anything may stand.'],
  ["Dict", 'Did you mean "object"?'],
  ["String", 'Did you mean "string"?'],
  [5, 'has the "type" 5,'],
  [null, 'Did you mean "null"?'],
  ["qwzx", "its type is the widest there is."],
])("the type %j is told with what to do", (type, words) => {
  const messages = messagesOf({ type });

  expect(messages).toEqual([expect.stringContaining(words)]);
});

test("data that look like schemas, types of the standard and properties named type are not told", () => {
  const schema = {
    type: ["object", "null"],
    properties: { type: { type: "string" }, size: { type: "integer", const: { type: "int" } } },
    default: { type: "int" },
    enum: [{ type: "int" }],
  };

  expect(messagesOf(schema)).toEqual([]);
});

test("of many only ten are told, and circles end", () => {
  const schema: Record<string, unknown> = { type: "int" };
  schema["items"] = schema;
  const properties = Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [`p${n}`, { type: "int" }]),
  );

  expect(messagesOf(schema)).toHaveLength(1);
  expect(messagesOf({ properties })).toHaveLength(10);
});
