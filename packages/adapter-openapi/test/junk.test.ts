import { isCodemodeError } from "@codemode/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { adapterOf } from "./fixtures/call-tool.ts";

const json = (schema: unknown) => ({ content: { "application/json": { schema } } });
const ref = { $ref: "#/components/schemas/Pet" };
const components = {
  parameters: { page: { name: "page", in: "query", schema: { type: "integer" } } },
  schemas: {
    Pet: {
      type: "object",
      required: ["id"],
      nullable: true,
      properties: {
        id: { type: "integer", readOnly: true },
        friend: { allOf: [ref], nullable: true },
      },
      additionalProperties: { anyOf: [{ type: "string" }] },
    },
  },
  securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } },
};
const paths = {
  "/pets": {
    parameters: [{ $ref: "#/components/parameters/page" }],
    get: {
      operationId: "list",
      tags: ["pets"],
      security: [{ key: ["a"] }],
      responses: { 200: json({ type: "array", items: ref }) },
    },
    post: { requestBody: { required: true, ...json(ref) }, responses: { default: json(ref) } },
  },
  "/photos/{id}": {
    put: {
      requestBody: {
        content: {
          "multipart/form-data": {
            schema: { type: "object", properties: { file: { type: "string", format: "binary" } } },
            encoding: { file: { contentType: "image/png" } },
          },
        },
      },
      responses: { 204: { description: "" } },
      servers: [{ url: "http://{host}/", variables: { host: { default: "h" } } }],
    },
  },
};
const definitions = {
  Pet: { type: "object", properties: { friend: { $ref: "#/definitions/Pet" } } },
};
const old = {
  "/pets": {
    get: {
      parameters: [
        {
          name: "tags",
          in: "query",
          type: "array",
          items: { type: "string" },
          collectionFormat: "csv",
        },
      ],
      responses: { 200: { schema: { $ref: "#/definitions/Pet" } } },
    },
    post: {
      consumes: ["multipart/form-data"],
      parameters: [{ name: "file", in: "formData", type: "file" }],
      responses: {},
    },
  },
};
const documents = [
  {
    openapi: "3.0.3",
    info: { title: "T" },
    security: [],
    servers: [{ url: "http://h" }],
    paths,
    components,
  },
  {
    openapi: "3.1.0",
    info: { title: "T" },
    security: [],
    servers: [{ url: "http://h" }],
    paths,
    components,
  },
  {
    swagger: "2.0",
    host: "h",
    schemes: ["http"],
    produces: ["application/json"],
    securityDefinitions: {},
    paths: old,
    definitions,
  },
];

function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key])),
  ];
}

function withJunk(value: unknown, path: readonly string[], junk: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return junk;
  if (Array.isArray(value))
    return value.map((one: unknown, index) =>
      String(index) === key ? withJunk(one, rest, junk) : one,
    );
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, one]) => [name, name === key ? withJunk(one, rest, junk) : one]),
  );
}

const junks = [
  null,
  0,
  "",
  "text",
  true,
  [],
  {},
  [null],
  [[]],
  { $ref: 5 },
  { $ref: "#/" },
  { $ref: "#/paths" },
  { $ref: "#" },
  { $ref: "%" },
  { __proto__: null, type: {} },
  [{ in: "path" }],
  { nullable: true, type: [], enum: {}, properties: [], items: [[]] },
];

test.each(documents)(
  "whatever stands where it should not costs at most a part: %#",
  async (document) => {
    const places = placesOf(document).filter((path) => path.length > 0);
    let listed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.oneof(fc.constantFrom<unknown>(...junks), fc.jsonValue()),
        async (path, junk) => {
          const broken = withJunk(document, path, junk);
          if (typeof broken !== "object" || broken === null) return;
          await using adapter = adapterOf({ ...broken });
          try {
            const { tools } = await adapter.listTools({ signal: AbortSignal.timeout(60_000) });
            for (const { inputSchema, outputSchema } of tools)
              JSON.stringify([inputSchema, outputSchema]);
            listed += 1;
          } catch (error) {
            // Only where the document itself is none any more.
            if (!isCodemodeError(error, "SERVER_PROTOCOL") || path.length > 1) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(listed).toBeGreaterThan(300);
  },
);
