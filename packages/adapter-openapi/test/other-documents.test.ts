import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ToolListing } from "@codemode/core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { adapterOf } from "./fixtures/call-tool.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-openapi-"));
  await mkdir(join(folder, "api/schemas"), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function list(files: Readonly<Record<string, string>>): Promise<ToolListing> {
  const written = Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text));
  await Promise.all(written);
  await using adapter = adapterOf("./api/openapi.yaml", { specFolder: folder });
  return await adapter.listTools({ signal: AbortSignal.timeout(60_000) });
}

const MAIN = `
openapi: 3.0.3
paths:
  /pets: { $ref: "./pets.yaml#/list" }
  /owners:
    get:
      operationId: listOwners
      responses: { "200": { description: "", content: { application/json: { schema: { $ref: "schemas/owner.json" } } } } }
components:
  parameters:
    page: { name: page, in: query, schema: { type: integer } }
`;

test("documents in the folder are taken in: paths, parameters and schemas, in circles too", async () => {
  const { tools, diagnostics } = await list({
    "api/openapi.yaml": MAIN,
    "api/pets.yaml": `
list:
  get:
    operationId: listPets
    parameters: [{ $ref: "openapi.yaml#/components/parameters/page" }]
    responses: { "200": { description: "", content: { application/json: { schema: { $ref: "#/Pet" } } } } }
Pet: { type: object, properties: { owner: { $ref: "./schemas/owner.json" } } }
`,
    "api/schemas/owner.json": JSON.stringify({
      type: "object",
      nullable: true,
      properties: { pet: { $ref: "../pets.yaml#/Pet" }, self: { $ref: "#" } },
    }),
  });

  expect(diagnostics).toEqual([]);
  expect(tools.map(({ name }) => name)).toEqual(["listPets", "listOwners"]);
  expect(tools[0]?.inputSchema).toMatchObject({ properties: { page: { type: "integer" } } });
  expect(tools[0]?.outputSchema).toEqual({
    $ref: "#/$defs/Pet",
    $defs: {
      Pet: { type: "object", properties: { owner: { $ref: "#/$defs/owner" } } },
      owner: {
        type: ["object", "null"],
        properties: { pet: { $ref: "#/$defs/Pet" }, self: { $ref: "#/$defs/owner" } },
      },
    },
  });
});

test("what lies elsewhere is not read, behind a link neither, and costs what needs it", async () => {
  await symlink("/etc/hostname", join(folder, "api/linked.yaml"));
  for (const outside of [
    "../secret.yaml",
    "/etc/hostname",
    "linked.yaml",
    "none.yaml",
    "pets.txt",
    "http://127.0.0.1:59999/a.yaml",
  ]) {
    const owner = MAIN.replace("schemas/owner.json", outside);
    // oxlint-disable-next-line no-await-in-loop -- they share a folder
    const { tools, diagnostics } = await list({
      "api/openapi.yaml": owner,
      "api/pets.yaml": "list: { get: { operationId: listPets } }",
      "api/pets.txt": "type: string",
      "secret.yaml": "type: string",
    });

    expect(tools.map(({ name }) => name)).toEqual(["listPets"]);
    expect(diagnostics).toEqual([
      {
        code: "OPERATION_DROPPED",
        message: `Operation "listOwners" (GET /owners) refers to ${JSON.stringify(outside)}, which cannot be read: only files in the folder of the document, or of its origin, are; it is left out.`,
      },
    ]);
  }
});
