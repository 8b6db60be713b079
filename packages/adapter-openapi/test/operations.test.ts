import { describe, expect, test } from "vitest";

import { specOf } from "./fixtures/call-tool.ts";
import { listTools, only } from "./fixtures/list-tools.ts";

test("summary, description, annotations and what else is said of an operation", async () => {
  const { tools } = await listTools(
    specOf({
      "/pets": {
        get: { summary: "All pets", description: "Every one.", tags: ["pets"] },
        put: { deprecated: true, description: "Sets all" },
        post: {},
        delete: {},
      },
    }),
  );

  expect(tools.map(({ description, annotations }) => [description, annotations])).toEqual([
    ["All pets\n\nEvery one.", { title: "All pets", readOnlyHint: true }],
    ["Deprecated. Sets all", { idempotentHint: true }],
    ["POST /pets", {}],
    ["DELETE /pets", { idempotentHint: true, destructiveHint: true }],
  ]);
  expect(tools[0]).toMatchObject({ tags: ["pets"], meta: { method: "get", path: "/pets" } });
});

const schema = (value: unknown) => ({
  get: { operationId: "bad", parameters: [{ name: "a", in: "query", schema: value }] },
});

test("TRACE is left out, and a GET has no body", async () => {
  const requestBody = { content: { "application/json": {} } };
  const listing = await listTools(specOf({ "/x": { trace: {}, get: { requestBody } } }));

  expect(only(listing).inputSchema).toMatchObject({ properties: {} });
  expect(listing.diagnostics).toMatchObject([
    { code: "OPERATION_DROPPED", message: expect.stringContaining("TRACE /x") },
  ]);
});

test("an empty row among the parameters costs nothing", async () => {
  const parameters = [
    { in: "header", name: "", schema: { type: "string" } },
    { in: "query", name: "page", schema: { type: "integer" } },
  ];
  const listing = await listTools(specOf({ "/x": { get: { operationId: "ask", parameters } } }));

  expect(listing.diagnostics).toEqual([]);
  expect(only(listing).inputSchema).toMatchObject({ properties: { page: { type: "integer" } } });
});

describe("bad operations", () => {
  const good = { get: { operationId: "good" } };
  test.each([
    [
      "a parameter without a name",
      { get: { operationId: "bad", parameters: [{ in: "query" }] } },
      /parameter without a name/,
    ],
    [
      "an unknown place",
      { get: { operationId: "bad", parameters: [{ name: "a", in: "hat" }] } },
      /"a" in "hat"/,
    ],
    [
      "an unknown style",
      { get: { operationId: "bad", parameters: [{ name: "a", in: "query", style: "label" }] } },
      /in query there is form/,
    ],
    [
      "a parameter that is a text",
      { get: { operationId: "bad", parameters: ["a"] } },
      /a parameter that is no object/,
    ],
    ["parameters that are no list", { get: { operationId: "bad", parameters: {} } }, /no list/],
    [
      "a reference into nothing",
      { get: { operationId: "bad", parameters: [{ $ref: "#/components/parameters/none" }] } },
      /"#\/components\/parameters\/none", which is not there/,
    ],
    [
      "references in a circle",
      { get: { operationId: "bad", parameters: [{ $ref: "#/components/parameters/loop" }] } },
      /lead in a circle/,
    ],
    [
      "a reference to another file",
      schema({ $ref: "other.yaml#/Pet" }),
      /which cannot be read: only files in the folder/,
    ],
    [
      "a schema that refers into nothing",
      schema({ items: { $ref: "#/components/schemas/none" } }),
      /schemas\/none", which is not there/,
    ],
    [
      "a schema that refers to one that refers into nothing",
      schema({ $ref: "#/components/schemas/broken" }),
      /schemas\/none", which is not there/,
    ],
    [
      "a schema that is a text",
      schema({ properties: { a: "string" } }),
      /a schema that is no object/,
    ],
    ["an operation that is a list", { get: [] }, /is no object/],
    ["a path that is a text", "x", /is no object/],
    [
      "a response that is a number",
      { get: { operationId: "bad", responses: { 200: 5 } } },
      /a response "200" that is no object/,
    ],
  ])("%s costs that operation a diagnostic", async (_what, pathItem, message) => {
    const components = {
      parameters: { loop: { $ref: "#/components/parameters/loop" } },
      schemas: { broken: { allOf: [{ $ref: "#/components/schemas/none" }] } },
    };

    for (const openapi of ["3.0.3", "3.1.0"]) {
      // oxlint-disable-next-line no-await-in-loop -- one version after the other
      const listing = await listTools({
        ...specOf({ "/bad": pathItem, "/good": good }, { components }),
        openapi,
      });

      expect(only(listing).name).toBe("good");
      expect(listing.diagnostics).toEqual([
        { code: "OPERATION_DROPPED", message: expect.stringMatching(message) },
      ]);
    }
  });

  test("in Swagger 2 too", async () => {
    const paths = { "/bad": { get: { parameters: [{ name: "a" }] } }, "/good": good };
    const listing = await listTools({ swagger: "2.0", host: "h", paths });

    expect(only(listing).name).toBe("good");
    expect(listing.diagnostics).toHaveLength(1);
  });
});
