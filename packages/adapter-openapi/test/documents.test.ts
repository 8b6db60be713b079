import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ToolDefinition, ToolListing } from "@codemode/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { adapterOf, specOf } from "./fixtures/call-tool.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-openapi-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function list(...[spec, options]: Parameters<typeof adapterOf>): Promise<ToolListing> {
  await using adapter = adapterOf(spec, { specFolder: folder, ...options });
  return await adapter.listTools({ signal: AbortSignal.timeout(60_000) });
}

async function listFile(name: string, text: string): Promise<ToolListing> {
  await writeFile(join(folder, name), text);
  return list(`./${name}`);
}

function only({ tools }: ToolListing): ToolDefinition {
  const [tool] = tools;
  if (!tool || tools.length > 1) throw new Error(`${tools.length} tools`);
  return tool;
}

const YAML = `openapi: 3.0.3
info: { title: Pets }
paths:
  /pets:
    get:
      operationId: listPets
      summary: All pets
      description: |
        *All* of them
      responses: { "200": { description: Done } }
`;

describe("reading", () => {
  test("YAML and JSON files, objects and version 3.1 give the same tools", async () => {
    const json = { openapi: "3.1.0", paths: { "/pets": { get: { operationId: "listPets" } } } };

    const listings = [
      await listFile("pets.yaml", YAML),
      await listFile("pets.json", JSON.stringify(json)),
      await list(json),
    ];

    expect(listings.map((listing) => only(listing).canonicalName)).toEqual(
      Array.from({ length: 3 }, () => "api.listPets"),
    );
  });

  test("a version that YAML reads as a number is understood", async () => {
    const text = "swagger: 2.0\npaths:\n  /pets:\n    get: { operationId: listPets }\n";
    expect(only(await listFile("pets.yaml", text)).name).toBe("listPets");
  });

  test.each([
    ["broken YAML", "openapi: 3.0.0\npaths:\n  /a: [1,\n", /pets\.yaml:\d+:\d+, is no valid YAML/],
    [
      "broken JSON",
      '{\n "openapi": "3.0.0",\n "paths": {,}\n}',
      /pets\.yaml:3:\d+, is no valid YAML or JSON/,
    ],
    ["another document", "name: x", /has neither "openapi" nor "swagger"/],
    ["an unknown version", "openapi: 4.0.0\npaths: {}", /is of version "4\.0\.0"/],
    ["a page", "<!doctype html><title>Login</title>", /is a page of HTML/],
    ["no paths", "openapi: 3.0.0", /has no "paths"/],
  ])("%s is one error with the place and the next step", async (_what, text, message) => {
    const loading = listFile("pets.yaml", text);

    await expect(loading).rejects.toMatchObject({
      code: "SERVER_PROTOCOL",
      message: expect.stringMatching(message),
    });
    await expect(loading).rejects.toThrow('"spec"');
    await expect(loading).rejects.not.toThrow(folder);
  });

  test("a file that is not there is named as it was given", async () => {
    await expect(list("./none.yaml")).rejects.toMatchObject({
      code: "SERVER_UNAVAILABLE",
      message: 'The document of server "api", ./none.yaml, is not there. Correct its "spec".',
    });
  });

  test("a document over the limit is not read", async () => {
    await writeFile(join(folder, "big.yaml"), YAML);
    await expect(list("big.yaml", { maxDocumentBytes: 10 })).rejects.toThrow(
      "over the limit of 10 bytes",
    );
  });

  test("aliases that grow without end are refused", async () => {
    const rows = [
      "a0: &a0 [x]",
      ...Array.from(
        { length: 12 },
        (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 9 }, () => `*a${n}`).join(", ")}]`,
      ),
    ];
    await expect(
      listFile("bomb.yaml", `openapi: 3.0.0\npaths: {}\n${rows.join("\n")}`),
    ).rejects.toThrow("too many of them");

    const circle: Record<string, unknown> = { ...specOf({}) };
    circle["itself"] = circle;
    await expect(list(circle)).rejects.toMatchObject({ code: "SERVER_PROTOCOL" });
  });
});

describe("names and filters", () => {
  const operation = { responses: {} };
  const spec = specOf({
    "/pets": { get: { ...operation, operationId: "pets/list", tags: ["pets"] }, post: operation },
    "/pets/{id}": { get: { ...operation, tags: ["pets", "one"] }, delete: operation },
    "/pets/id": { get: operation },
    "/owners": { get: { ...operation, operationId: "pets/list" } },
  });
  const names = async (options: Parameters<typeof adapterOf>[1]): Promise<readonly string[]> =>
    (await list(spec, options)).tools.map(({ name }) => name);

  test("a name is the operationId, or method and path, and never there twice", async () => {
    const { tools, diagnostics } = await list(spec);

    expect(tools.map(({ name }) => name)).toEqual([
      "pets/list",
      "post_pets",
      "get_pets_id",
      "delete_pets_id",
      "get_pets_id_2",
      "get_owners",
    ]);
    expect(diagnostics).toEqual([
      {
        code: "OPERATION_RENAMED",
        message:
          'The operationId "pets/list" of GET /owners is taken; the tool is named after its path.',
      },
    ]);
  });

  test("filters pick by tag, path, id and method; names stay as they are", async () => {
    expect(await names({ include: [{ tag: "one" }] })).toEqual(["get_pets_id"]);
    expect(
      await names({ include: [{ path: "/pets/**" }], exclude: [{ method: "DELETE" }] }),
    ).toEqual(["pets/list", "post_pets", "get_pets_id", "get_pets_id_2"]);
    expect(await names({ include: [{ path: "/pets/id" }] })).toEqual(["get_pets_id_2"]);
    expect(await names({ include: [{ operationId: "pets/*", method: "get" }] })).toEqual([
      "pets/list",
      "get_owners",
    ]);
  });

  test("a filter that matches nothing is told", async () => {
    const { diagnostics } = await list(spec, {
      include: [{ tag: "pets" }],
      exclude: [{ tag: "cats" }, { tag: "pet" }],
    });
    expect(diagnostics.map(({ code, message }) => [code, message])).toContainEqual([
      "FILTER_UNUSED",
      'The filter {"tag":"cats"} matches no operation; correct it or take it away.',
    ]);
    expect(diagnostics.at(-1)?.message).toContain('Did you mean "pets"?');
  });
});

test("summary, description, annotations and what else is said of an operation", async () => {
  const { tools } = await list(
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
  const listing = await list(specOf({ "/x": { trace: {}, get: { requestBody } } }));

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
  const listing = await list(specOf({ "/x": { get: { operationId: "ask", parameters } } }));

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
      const listing = await list({
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
    const listing = await list({ swagger: "2.0", host: "h", paths });

    expect(only(listing).name).toBe("good");
    expect(listing.diagnostics).toHaveLength(1);
  });
});
