import { expect, test } from "vitest";

import { specOf } from "./fixtures/call-tool.ts";
import { schemasOf, toolsOf } from "./fixtures/listed-schemas.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: unknown) => ({ content: { "application/json": { schema } } });

test("arguments are one object of parameters and body", async () => {
  const { input } = await schemasOf(
    specOf({
      "/pets/{id}": {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        put: {
          parameters: [
            {
              name: "id",
              in: "path",
              required: true,
              schema: { type: "integer" },
              description: "Which",
            },
            { name: "X-Trace", in: "header", schema: { type: "string" } },
            { name: "Accept", in: "header", schema: { type: "string" } },
          ],
          requestBody: { required: true, description: "The pet", ...json({ type: "object" }) },
        },
      },
    }),
  );

  expect(input).toEqual({
    type: "object",
    properties: {
      id: { type: "integer", description: "Which" },
      "X-Trace": { type: "string" },
      body: { type: "object", description: "The pet" },
    },
    required: ["id", "body"],
    additionalProperties: false,
  });
});

test("arguments of one name are told apart by their place", async () => {
  const places = ["cookie", "header", "query", "path"];
  const parameters = places.map((place) => ({ name: "id", in: place, schema: { title: place } }));
  const { input } = await schemasOf(
    specOf({
      "/pets/{id}": {
        post: {
          parameters: [
            ...parameters,
            { name: "body", in: "query", schema: {} },
            { name: "id_query", in: "query", schema: {} },
          ],
          requestBody: json({}),
        },
      },
    }),
  );

  expect(input).toMatchObject({
    properties: {
      id: { title: "path" },
      id_query_2: { title: "query" },
      id_header: { title: "header" },
      id_cookie: { title: "cookie" },
      id_query: {},
      body_query: {},
      body: {},
    },
  });
});

test("only what an operation reaches is in its schemas, and circles end in $defs", async () => {
  const components = {
    schemas: {
      Pet: { type: "object", properties: { friend: ref("Pet"), owner: ref("Owner") } },
      Owner: { type: "object", properties: { pets: { type: "array", items: ref("Pet") } } },
      Other: { type: "string" },
    },
  };
  const { output } = await schemasOf(
    specOf({ "/pets": { get: { responses: { 200: json(ref("Pet")) } } } }, { components }),
  );

  expect(output).toEqual({
    $ref: "#/$defs/Pet",
    $defs: {
      Pet: {
        type: "object",
        properties: { friend: { $ref: "#/$defs/Pet" }, owner: { $ref: "#/$defs/Owner" } },
      },
      Owner: {
        type: "object",
        properties: { pets: { type: "array", items: { $ref: "#/$defs/Pet" } } },
      },
    },
  });
});

test("references into schemas, to equal names and with escapes are followed", async () => {
  const components = {
    schemas: {
      Pet: { properties: { name: { type: "string" } } },
      "a/b~c d": { type: "integer" },
    },
    parameters: { Pet: { schema: { type: "boolean" } } },
  };
  const properties = {
    name: { $ref: "#/components/schemas/Pet/properties/name" },
    odd: { $ref: "#/components/schemas/a~1b~0c%20d" },
    pet: ref("Pet"),
    other: { $ref: "#/components/parameters/Pet/schema" },
  };
  const { output } = await schemasOf(
    specOf({ "/pets": { get: { responses: { 200: json({ properties }) } } } }, { components }),
  );

  expect(output).toMatchObject({
    properties: {
      name: { $ref: "#/$defs/name" },
      odd: { $ref: "#/$defs/a_b_c_d" },
      pet: { $ref: "#/$defs/Pet" },
      other: { $ref: "#/$defs/schema" },
    },
    $defs: { name: { type: "string" }, a_b_c_d: { type: "integer" }, schema: { type: "boolean" } },
  });
});

test("what looks like a schema in data stays data, and a property may have any name", async () => {
  const schema = {
    type: "object",
    properties: {
      $ref: { type: "string" },
      nullable: { type: "boolean" },
      example: { type: "string" },
      properties: { type: "object", default: { $ref: "#/nowhere" } },
    },
    enum: [{ $ref: "#/nowhere" }],
  };
  const { output } = await schemasOf(
    specOf({ "/a": { get: { responses: { 200: json(schema) } } } }),
  );
  expect(output).toEqual(schema);
});

test("read-only is not required of a request, nor write-only of an answer", async () => {
  const components = {
    schemas: {
      Id: { type: "integer", readOnly: true },
      Pet: {
        type: "object",
        required: ["id", "name", "secret"],
        properties: {
          id: ref("Id"),
          name: { type: "string" },
          secret: { type: "string", writeOnly: true },
        },
      },
    },
  };
  const operation = { requestBody: json(ref("Pet")), responses: { 200: json(ref("Pet")) } };
  const { input, output } = await schemasOf(
    specOf({ "/pets": { post: operation } }, { components }),
  );

  expect(input).toMatchObject({ $defs: { Pet: { required: ["name", "secret"] } } });
  expect(output).toMatchObject({ $defs: { Pet: { required: ["id", "name"] } } });
});

test("the words of OpenAPI 3.0 become those of JSON Schema", async () => {
  const properties = {
    name: { type: "string", nullable: true, example: "Rex" },
    age: { type: "integer", minimum: 0, exclusiveMinimum: true },
    owner: { nullable: true, allOf: [ref("Owner")] },
  };
  const components = {
    schemas: { Owner: { type: "object", xml: { name: "o" }, "x-internal": 1 } },
  };
  const { output } = await schemasOf({
    ...specOf({ "/a": { get: { responses: { 200: json({ properties }) } } } }, { components }),
    openapi: "3.0.3",
  });

  expect(output).toEqual({
    properties: {
      name: { type: ["string", "null"], examples: ["Rex"] },
      age: { type: "integer", exclusiveMinimum: 0 },
      owner: { anyOf: [{ $ref: "#/$defs/Owner" }, { type: "null" }] },
    },
    $defs: { Owner: { type: "object" } },
  });
});

test("a parameter that a credential fills in is no argument", async () => {
  const parameters = [
    { name: "x-key", in: "header", schema: { type: "string" } },
    { name: "page", in: "query", schema: { type: "integer" } },
  ];
  const components = { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } };
  const spec = specOf({ "/a": { get: { parameters } } }, { components });

  const [open] = await toolsOf(spec);
  const [filled] = await toolsOf(spec, { auth: { key: "secret-key" } });
  const [configured] = await toolsOf(spec, { headers: { "X-KEY": "secret-key" } });

  expect(open?.inputSchema).toHaveProperty(["properties", "x-key"]);
  expect(filled?.inputSchema).not.toHaveProperty(["properties", "x-key"]);
  expect(filled?.inputSchema).toHaveProperty(["properties", "page"]);
  expect(configured?.inputSchema).toEqual(filled?.inputSchema);
});
