import { expect, test } from "vitest";

import { adapterOf, specOf } from "./fixtures/call-tool.ts";

// As many operations and schemas as the description of GitHub's REST API has.
const OPERATIONS = 1_223;
const SCHEMAS = 969;

const ref = (index: number) => ({ $ref: `#/components/schemas/Schema${index % SCHEMAS}` });

function schemaOf(index: number): unknown {
  const fields = Array.from({ length: 60 }, (_, field) => [
    `field_${field}`,
    {
      type: "string",
      description: `What field ${field} says of ${index}`,
      nullable: field % 3 === 0,
    },
  ]);
  const links = {
    next: ref(index + 1),
    other: ref(index * 7),
    list: { type: "array", items: ref(index + 3) },
  };
  return {
    type: "object",
    required: ["field_1"],
    properties: { ...Object.fromEntries(fields), ...(index % 3 === 0 ? {} : links) },
  };
}

function largeDocument(): string {
  const paths = Array.from({ length: OPERATIONS }, (_, index) => [
    `/repos/{owner}/things${index}/{id}`,
    {
      get: {
        operationId: `things/get-${index}`,
        tags: [`tag${index % 40}`],
        summary: `Thing ${index}`,
        description: "Long words about it. ".repeat(30),
        parameters: [
          { $ref: "#/components/parameters/owner" },
          { name: "id", in: "path", required: true, schema: { type: "integer" } },
          { name: "page", in: "query", schema: { type: "integer", default: 1 } },
        ],
        responses: {
          200: { description: "Done", content: { "application/json": { schema: ref(index) } } },
          404: { $ref: "#/components/responses/missing" },
        },
      },
    },
  ]);
  const components = {
    parameters: {
      owner: { name: "owner", in: "path", required: true, schema: { type: "string" } },
    },
    responses: {
      missing: { description: "Not there", content: { "application/json": { schema: ref(1) } } },
    },
    schemas: Object.fromEntries(
      Array.from({ length: SCHEMAS }, (_, index) => [`Schema${index}`, schemaOf(index)]),
    ),
  };
  return JSON.stringify({ ...specOf(Object.fromEntries(paths), { components }), openapi: "3.0.3" });
}

test("a document of 1,223 operations is indexed in about a second of computing, one operation at a time bundled", async () => {
  const text = largeDocument();
  const start = process.cpuUsage();
  const document: Record<string, unknown> = JSON.parse(text);
  await using adapter = adapterOf(document);

  const { tools, diagnostics } = await adapter.listTools({ signal: AbortSignal.timeout(60_000) });
  const { user } = process.cpuUsage(start);

  expect(tools).toHaveLength(OPERATIONS);
  expect(diagnostics).toEqual([]);
  expect(text.length).toBeGreaterThan(6_000_000);
  // Measured: 0.4 s of wall time on two cores. What is allowed leaves room for slow machines.
  expect(user / 1_000).toBeLessThan(4_000);
  const schema = tools.find(({ name }) => name === "things/get-3")?.outputSchema;
  expect(schema).toMatchObject({ $ref: "#/$defs/Schema3", $defs: { Schema3: { type: "object" } } });
  expect(JSON.stringify(schema).length).toBeLessThan(text.length / 100);
});
