import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import type { ConfigSession } from "../src/index.ts";
import { createSessionFromConfig } from "../src/index.ts";

const PETSTORE = `
openapi: 3.0.3
info: { title: Petstore, version: 1.0.0 }
servers:
  - url: http://127.0.0.1:{port}/v1
    variables: { port: { default: "1" } }
security:
  - store_auth: [write:pets]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters:
        - { name: status, in: query, explode: false, schema: { type: array, items: { type: string } } }
        - { name: filter, in: query, style: deepObject, schema: { type: object, properties: { minAge: { type: integer } } } }
      responses:
        "200": { description: ok, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } } }
    post:
      operationId: addPet
      tags: [pets]
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }
      responses:
        "201": { description: created, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
  /pets/{petId}:
    parameters:
      - { name: petId, in: path, required: true, schema: { type: integer } }
    get:
      tags: [pets]
      security: [{ api_key: [] }]
      responses:
        "200": { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
    delete:
      operationId: deletePet
      tags: [pets]
      responses: { "204": { description: gone } }
  /pets/{petId}/photo:
    put:
      operationId: uploadPhoto
      tags: [photos]
      parameters:
        - { name: petId, in: path, required: true, schema: { type: integer } }
      requestBody:
        content:
          multipart/form-data:
            schema: { type: object, properties: { caption: { type: string }, photo: { type: string, format: binary } } }
      responses: { "200": { description: ok, content: { application/json: { schema: { type: object, properties: { bytes: { type: integer } } } } } } }
  /admin/wipe:
    post: { operationId: wipe, tags: [admin], responses: { "204": { description: gone } } }
components:
  securitySchemes:
    api_key: { type: apiKey, in: header, name: X-Api-Key }
    store_auth:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: /token, scopes: { write:pets: change } } }
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        id: { type: integer, readOnly: true }
        name: { type: string }
        parent: { nullable: true, allOf: [{ $ref: "#/components/schemas/Pet" }] }
`;

const heard: string[] = [];
const pets = new Map<number, { readonly id: number; readonly name: string }>();
let port = 0;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url = "", headers } = request;
  const body = Buffer.concat(await request.toArray());
  const json = (status: number, value: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };
  heard.push(`${method} ${url}`);
  const [, id] = /^\/v1\/pets\/(\d+)/.exec(url) ?? [];
  const pet = pets.get(Number(id));
  if (url === "/large.json") return json(200, largeDocument());
  if (url === "/token") return json(200, { access_token: "tok-123456", token_type: "bearer" });
  if (url.startsWith("/items/")) return json(200, { url });
  const isKnown =
    headers.authorization === "Bearer tok-123456" || headers["x-api-key"] === "key-654321";
  if (!isKnown) return json(401, { message: "who are you?" });
  if (url.startsWith("/v1/pets?") || url === "/v1/pets")
    return method === "POST" ? json(201, added(body)) : json(200, [...pets.values()]);
  if (!pet) return json(404, { code: "no_pet", message: `there is no pet ${id ?? ""}` });
  if (method === "PUT") return json(200, { bytes: body.byteLength });
  if (method !== "DELETE") return json(200, pet);
  pets.delete(pet.id);
  response.writeHead(204).end();
}

function added(body: Buffer): unknown {
  const { name }: { readonly name: string } = JSON.parse(body.toString());
  const pet = { id: pets.size + 1, name };
  pets.set(pet.id, pet);
  return pet;
}

function largeDocument(): unknown {
  const operations = Array.from({ length: 1_000 }, (_, index) => [
    `/items/${index}/{id}`,
    {
      get: {
        operationId: `items/get-${index}`,
        summary: `Item of shelf ${index}`,
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "ok", content: { "application/json": { schema: {} } } } },
      },
    },
  ]);
  return { openapi: "3.1.0", info: { title: "Large" }, paths: Object.fromEntries(operations) };
}

const server = createServer((request, response) => void answer(request, response));
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function open(openapi: Readonly<Record<string, unknown>>): Promise<ConfigSession> {
  const cwd = await mkdtemp(join(tmpdir(), "codemode-openapi-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, "petstore.yaml"), PETSTORE);
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify({ openapi }));
  const env = { PETS_KEY: "key-654321", PETS_SECRET: "client-secret" };
  return createSessionFromConfig({ cwd, env, overrides: { sandbox_variant: "local-eval" } });
}

function petstore(): Readonly<Record<string, unknown>> {
  return {
    spec: "petstore.yaml",
    server_variables: { port: String(port) },
    auth: {
      api_key: "${PETS_KEY}",
      store_auth: {
        client_id: "me",
        client_secret: "${PETS_SECRET}",
        token_url: `http://127.0.0.1:${port}/token`,
      },
    },
    exclude: [{ tag: "admin" }],
  };
}

test("a petstore works from code: every place of an argument, bodies, credentials, errors", async () => {
  await using opened = await open({ pets: petstore() });

  const result = await opened.session.execute(`
    const rex = await pets.addPet({ body: { name: "Rex" } });
    const listed = await pets.listPets({ status: ["new", "a b"], filter: { minAge: 2 } });
    const one = await pets.get_pets_petId({ petId: rex.id });
    const { bytes } = await pets.uploadPhoto({
      petId: rex.id,
      body: { caption: "x", photo: { data: "AP8=", mimeType: "image/png" } },
    });
    const gone = await pets.deletePet({ petId: rex.id });
    const failed = await pets.get_pets_petId({ petId: 99 }).catch((error) => error);
    return {
      same: listed.length === 1 && one.name === rex.name, sent: bytes > 100, gone,
      code: failed.code, details: failed.details, hasAdmin: "wipe" in pets,
    };
  `);

  expect(result).toMatchObject({
    ok: true,
    value: {
      same: true,
      sent: true,
      gone: null,
      code: "TOOL_FAILED",
      details: { status: 404, body: { code: "no_pet" } },
      hasAdmin: false,
    },
  });
  expect(heard).toContain("GET /v1/pets?status=new,a%20b&filter[minAge]=2");
  expect(heard.filter((line) => line === "POST /token")).toHaveLength(1);
});

test("what is wrong with a call or a setting is told with the tool or the key", async () => {
  const { auth: _auth, ...anonymous } = petstore();
  await using opened = await open({ pets: anonymous, lost: { spec: "missing.yaml" } });

  const wrong = await opened.session.execute('await pets.addPet({ body: { nam: "Rex" } })');
  const refused = await opened.session.execute("await pets.listPets({})");
  const lost = await opened.session.execute("await lost.anything({})");

  expect(wrong).toMatchObject({ ok: false, error: { code: "INVALID_ARGUMENTS" } });
  expect(refused).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('It needs the security scheme "store_auth"') },
  });
  expect(lost).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining("missing.yaml, is not there") },
  });
});

test("a document of 1,000 operations is found by search and called from code", async () => {
  await using opened = await open({ big: { spec: `http://127.0.0.1:${port}/large.json` } });

  const result = await opened.session.execute(`
    const { matches: [found] } = await tools.search("item of shelf 731");
    return [found.name, (await big.items_get_999({ id: "a/b" })).url];
  `);

  expect(opened.servers).toMatchObject([{ name: "big", toolCount: 1_000 }]);
  expect(result).toMatchObject({
    ok: true,
    value: [expect.stringContaining("731"), "/items/999/a%2Fb"],
  });
});
