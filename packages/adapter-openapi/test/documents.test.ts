import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ToolListing } from "@codemode/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { adapterOf } from "./fixtures/call-tool.ts";
import { specOf } from "./fixtures/call-tool.ts";
import { listTools, only } from "./fixtures/list-tools.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codemode-openapi-"));
});
afterEach(() => rm(folder, { recursive: true }));

function list(...[spec, options]: Parameters<typeof adapterOf>): Promise<ToolListing> {
  return listTools(spec, { specFolder: folder, ...options });
}

async function listFile(name: string, text: string): Promise<ToolListing> {
  await writeFile(join(folder, name), text);
  return list(`./${name}`);
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
