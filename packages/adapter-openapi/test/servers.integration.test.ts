import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { adapterOf, callTool, specOf } from "./fixtures/call-tool.ts";
import type { Handler } from "./fixtures/http-service.ts";
import { startService } from "./fixtures/http-service.ts";

let api: Handler = () => ({ json: {} });
const service = await startService((request, response) => api(request, response));
const other = await startService(() => ({ json: {} }));
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
beforeEach(() => {
  api = () => ({ json: {} });
});

const serve = (document: unknown): void => {
  api = ({ path }) => (path === "/openapi.json" ? { json: document } : { json: { path } });
};

const answer = ($ref: string) => ({
  200: { content: { "application/json": { schema: { $ref } } } },
});

describe("documents of the web", () => {
  test("a relative server, or none, is beside the document", async () => {
    serve(specOf({ "/x": { get: { operationId: "ask" } } }, { servers: [{ url: "./v2" }] }));
    await using adapter = adapterOf(`${service.url}/openapi.json`);
    expect(await callTool(adapter, "ask")).toEqual({ path: "/v2/x" });

    serve({
      swagger: "2.0",
      basePath: "/base",
      paths: { "/x": { get: { operationId: "ask", responses: {} } } },
    });
    await using old = adapterOf(`${service.url}/openapi.json`);
    expect(await callTool(old, "ask")).toEqual({ path: "/base/x" });
  });

  test("other documents of its origin are taken in, those of others are not", async () => {
    const document = specOf({
      "/a": { get: { operationId: "near", responses: answer("./pet.json#/Pet") } },
      "/b": { get: { operationId: "far", responses: answer(`${other.url}/pet.json#/Pet`) } },
    });
    api = ({ path }) => ({
      json: path === "/openapi.json" ? document : { Pet: { type: "string" } },
    });
    const before = other.requests.length;
    await using adapter = adapterOf(`${service.url}/openapi.json`);

    const { tools } = await adapter.listTools({ signal: AbortSignal.timeout(60_000) });

    expect(tools.map(({ name, outputSchema }) => [name, outputSchema])).toEqual([
      ["near", { $ref: "#/$defs/Pet", $defs: { Pet: { type: "string" } } }],
    ]);
    expect(other.requests).toHaveLength(before);
  });

  test("a listing reads the document anew", async () => {
    await using adapter = adapterOf(`${service.url}/openapi.json`);
    const names = async () =>
      (await adapter.listTools({ signal: AbortSignal.timeout(60_000) })).tools.map(
        ({ name }) => name,
      );

    serve(specOf({ "/x": { get: { operationId: "one" } } }));
    expect(await names()).toEqual(["one"]);
    serve(specOf({ "/x": { get: { operationId: "two" } } }));
    expect(await names()).toEqual(["two"]);
  });

  test.each([
    "http://127.0.0.1:59999",
    "http://localhost:59999",
    "http://[::ffff:10.0.0.1]",
    "http://169.254.169.254/latest",
    "http://0x7f.1:59999",
    "http://[::1]:59999",
  ])("a server %s that it names is not asked", async (url) => {
    serve(specOf({ "/x": { get: { operationId: "ask" } } }, { servers: [{ url }] }));
    await using adapter = adapterOf(`${service.url}/openapi.json`);

    await expect(callTool(adapter, "ask")).rejects.toMatchObject({
      code: "SERVER_UNAVAILABLE",
      message: expect.stringMatching(
        /^Server "api" was not asked: .* is an address of this machine or of a private network.*"base_url"/,
      ),
    });
  });

  test("a port that no request may go to is told", async () => {
    serve(specOf({ "/x": { get: { operationId: "ask" } } }));
    await using adapter = adapterOf(`${service.url}/openapi.json`, {
      baseUrl: "http://127.0.0.1:9",
    });
    await expect(callTool(adapter, "ask")).rejects.toThrow(
      "cannot be reached at http://127.0.0.1:9 (bad port)",
    );
  });

  test("its token service neither, unless it is configured", async () => {
    const flows = { clientCredentials: { tokenUrl: `${other.url}/token` } };
    const components = { securitySchemes: { oauth: { type: "oauth2", flows } } };
    serve(
      specOf({ "/x": { get: { operationId: "ask", security: [{ oauth: [] }] } } }, { components }),
    );
    const before = other.requests.length;
    await using adapter = adapterOf(`${service.url}/openapi.json`, {
      auth: { oauth: { clientId: "me", clientSecret: "s3cret-client" } },
    });

    await expect(callTool(adapter, "ask")).rejects.toThrow("is an address of this machine");

    expect(other.requests).toHaveLength(before);
  });

  test("one that cannot be loaded is one error with the place and the next step", async () => {
    api = () => ({ status: 404 });
    await using adapter = adapterOf(`${service.url}/openapi.json?token=s3cret-token`);
    const loading = adapter.listTools({ signal: AbortSignal.timeout(60_000) });

    await expect(loading).rejects.toMatchObject({
      code: "SERVER_UNAVAILABLE",
      message: `The document of server "api", ${service.url}/openapi.json, cannot be loaded (HTTP 404). Correct its "spec".`,
    });
  });

  test("one that is too long or takes too long is refused", async () => {
    serve(specOf({}));
    await using small = adapterOf(`${service.url}/openapi.json`, { maxDocumentBytes: 10 });
    await expect(small.listTools({ signal: AbortSignal.timeout(60_000) })).rejects.toThrow(
      'over the limit of 10 bytes. Raise "max_document_bytes"',
    );

    api = () => undefined;
    await using slow = adapterOf(`${service.url}/openapi.json`, { timeoutMs: 200 });
    await expect(slow.listTools({ signal: AbortSignal.timeout(60_000) })).rejects.toMatchObject({
      code: "SERVER_TIMEOUT",
    });
  });
});

describe("servers", () => {
  test("variables are filled in, checked, and asked for where they have no value", async () => {
    const variables = {
      host: { default: "127.0.0.1" },
      port: {},
      area: { default: "a", enum: ["a", "b"] },
    };
    const document = specOf(
      { "/x": { get: { operationId: "ask" } } },
      {
        servers: [{ url: "http://{host}:{port}/{area}", variables }],
      },
    );
    const port = new URL(service.url).port;
    api = ({ path }) => ({ json: path });

    await using filled = adapterOf(document, { serverVariables: { port, area: "b" } });
    expect(await callTool(filled, "ask")).toBe("/b/x");
    await using empty = adapterOf(document);
    await expect(callTool(empty, "ask")).rejects.toThrow('"server_variables": { "port": "..." }');
    await using wrong = adapterOf(document, { serverVariables: { port, area: "c" } });
    await expect(callTool(wrong, "ask")).rejects.toThrow('"area" is "c"; it can be a, b');
  });

  test("a document of this machine without a server needs base_url", async () => {
    await using adapter = adapterOf(specOf({ "/x": { get: { operationId: "ask" } } }));
    await expect(callTool(adapter, "ask")).rejects.toMatchObject({
      code: "SERVER_UNAVAILABLE",
      message: expect.stringContaining('Set "base_url" to one like'),
    });
  });

  test("an operation's own servers come first, then its path's; base_url is before all", async () => {
    api = ({ target }) => ({ json: target });
    const servers = [{ url: `${service.url}/own` }];
    const document = specOf(
      {
        "/x": {
          get: { operationId: "own", servers },
          post: { operationId: "path" },
          servers: [{ url: `${service.url}/path` }],
        },
        "/y?kind=a": { get: { operationId: "kind" } },
      },
      { servers: [{ url: `${service.url}/all/` }] },
    );

    await using adapter = adapterOf(document);
    expect(await callTool(adapter, "own")).toBe("/own/x");
    expect(await callTool(adapter, "path")).toBe("/path/x");
    expect(await callTool(adapter, "kind")).toBe("/all/y?kind=a");
    await using elsewhere = adapterOf(document, { baseUrl: `${service.url}/base?v=1` });
    expect(await callTool(elsewhere, "own")).toBe("/base/x?v=1");
  });
});
