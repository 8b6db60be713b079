import { describe, expect, test } from "vitest";

import { specOf } from "./fixtures/call-tool.ts";
import { schemasOf, toolsOf } from "./fixtures/listed-schemas.ts";

const json = (schema: unknown) => ({ content: { "application/json": { schema } } });

describe("successes", () => {
  test.each([
    [
      "several",
      { 200: json({ type: "string" }), 201: json({ type: "integer" }) },
      { anyOf: [{ type: "string" }, { type: "integer" }] },
    ],
    [
      "nothing beside something",
      { 200: json({ type: "string" }), 204: {} },
      { anyOf: [{ type: "string" }, { type: "null" }] },
    ],
    [
      "a range",
      { "2XX": json({ type: "string" }), 404: json({ type: "number" }) },
      { type: "string" },
    ],
    ["only a default", { default: json({ type: "string" }) }, { type: "string" }],
    [
      "JSON beside XML",
      {
        200: {
          content: {
            "application/xml": { schema: {} },
            "application/hal+json": { schema: { type: "array" } },
          },
        },
      },
      { type: "array" },
    ],
    ["text", { 200: { content: { "text/csv": {} } } }, { type: "string" }],
    ["JSON of unknown shape", { 200: { content: { "application/json": {} } } }, undefined],
  ])("%s", async (_what, responses, output) => {
    expect((await schemasOf(specOf({ "/a": { get: { responses } } }))).output).toEqual(output);
  });

  test("bytes", async () => {
    const responses = { 200: { content: { "image/png": {} } } };
    const { output } = await schemasOf(specOf({ "/a": { get: { responses } } }));
    expect(output).toMatchObject({ required: ["data", "mimeType"] });
  });
});

test("Swagger 2: parameters, body, forms, definitions and responses of the top", async () => {
  const tools = await toolsOf({
    swagger: "2.0",
    host: "api.example.org",
    consumes: ["application/json"],
    produces: ["application/json"],
    parameters: { limit: { name: "limit", in: "query", type: "integer", maximum: 10 } },
    responses: {
      pets: { description: "", schema: { type: "array", items: { $ref: "#/definitions/Pet" } } },
    },
    definitions: { Pet: { type: "object", properties: { friend: { $ref: "#/definitions/Pet" } } } },
    paths: {
      "/pets": {
        get: {
          operationId: "list",
          parameters: [
            { $ref: "#/parameters/limit" },
            {
              name: "tags",
              in: "query",
              type: "array",
              items: { type: "string" },
              collectionFormat: "pipes",
            },
          ],
          responses: { 200: { $ref: "#/responses/pets" } },
        },
        post: {
          operationId: "add",
          parameters: [
            { name: "pet", in: "body", required: true, schema: { $ref: "#/definitions/Pet" } },
          ],
          responses: {},
        },
      },
      "/photos": {
        post: {
          operationId: "upload",
          consumes: ["multipart/form-data"],
          parameters: [
            { name: "photo", in: "formData", type: "file", required: true },
            { name: "kind", in: "formData", type: "string", enum: ["a", "b"] },
          ],
          responses: {},
        },
      },
    },
  });
  const $defs = { Pet: { type: "object", properties: { friend: { $ref: "#/$defs/Pet" } } } };

  expect(tools.map(({ inputSchema }) => inputSchema)).toMatchObject([
    {
      properties: {
        limit: { type: "integer", maximum: 10 },
        tags: { type: "array", items: { type: "string" } },
      },
    },
    { properties: { body: { $ref: "#/$defs/Pet" } }, required: ["body"], $defs },
    {
      properties: {
        body: {
          properties: { photo: { required: ["data"] }, kind: { enum: ["a", "b"] } },
          required: ["photo"],
        },
      },
    },
  ]);
  expect(tools[0]?.outputSchema).toEqual({ type: "array", items: { $ref: "#/$defs/Pet" }, $defs });
});
