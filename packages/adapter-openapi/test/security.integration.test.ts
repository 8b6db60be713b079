import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import type { OpenapiAdapterOptions } from "../src/index.ts";
import { adapterOf, callTool, specOf } from "./fixtures/call-tool.ts";
import type { ReceivedRequest } from "./fixtures/http-service.ts";
import { setUpSecuredService } from "./fixtures/secured-service.ts";

const { service, replies, open } = await setUpSecuredService();

async function sent(
  security: unknown,
  auth: OpenapiAdapterOptions["auth"],
): Promise<ReceivedRequest> {
  await using adapter = open(security, auth ? { auth } : {});
  await callTool(adapter, "ask");
  const request = service.requests.at(-1);
  if (!request) throw new Error("nothing was sent");
  return request;
}

const SECRET = "s3cret/value+ü";

describe("schemes", () => {
  test("an API key goes into header, query or cookie", async () => {
    expect((await sent([{ header: [] }], { header: "s3cret-key" })).headers["x-key"]).toBe(
      "s3cret-key",
    );
    expect((await sent([{ query: [] }], { query: SECRET })).query.get("key")).toBe(SECRET);
    const { cookie = "" } = (await sent([{ cookie: [] }], { cookie: SECRET })).headers;
    expect(decodeURIComponent(cookie)).toBe(`session=${SECRET}`);
  });

  test("basic and bearer go into Authorization", async () => {
    const basic = { username: "me", password: SECRET };
    const encoded = Buffer.from(`me:${SECRET}`).toString("base64");
    expect((await sent([{ basic: [] }], { basic })).headers.authorization).toBe(`Basic ${encoded}`);
    expect((await sent([{ bearer: [] }], { bearer: "token" })).headers.authorization).toBe(
      "Bearer token",
    );
    expect((await sent([{ oauth: [] }], { oauth: "token" })).headers.authorization).toBe(
      "Bearer token",
    );
  });

  test("schemes that are needed together are sent together; the first way that is known is taken", async () => {
    const security = [{ bearer: [] }, { header: [], query: [] }, {}];
    const request = await sent(security, { header: "header-key", query: "query-key" });

    expect(request.headers["x-key"]).toBe("header-key");
    expect(request.query.get("key")).toBe("query-key");
    expect(request.headers).not.toHaveProperty("authorization");
  });

  test("an operation without security gets no credentials", async () => {
    const request = await sent([], { header: "header-key" });
    expect(request.headers).not.toHaveProperty("x-key");
  });

  test("the document's own security holds where an operation has none; Swagger 2 has its schemes elsewhere", async () => {
    const spec = {
      swagger: "2.0",
      security: [{ key: [] }],
      securityDefinitions: { key: { type: "apiKey", in: "header", name: "X-Key" } },
      paths: { "/x": { get: { operationId: "ask", responses: {} } } },
    };
    await using adapter = adapterOf(spec, { baseUrl: service.url, auth: { key: "header-key" } });
    await callTool(adapter, "ask");
    expect(service.requests.at(-1)?.headers["x-key"]).toBe("header-key");
  });
});

const refusal = async (
  security: unknown,
  status: number,
  options: Partial<OpenapiAdapterOptions> = {},
) => {
  replies.api = () => ({ status, json: { message: "No" } });
  await using adapter = open(security, options);
  return await callTool(adapter, "ask").then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
};

describe("refusals", () => {
  test("without a credential the message names the scheme and the key to set", async () => {
    expect(await refusal([{ header: [] }], 401)).toBe(
      'Tool "api.ask" failed: GET /x answered HTTP 401: No. It needs the security scheme "header" (an API key in the header "X-Key"): set "auth": { "header": "${HEADER}" } of server "api".',
    );
    expect(await refusal([{ basic: [] }], 401)).toContain(
      '"auth": { "basic": { "username": "...", "password": "${BASIC}" } }',
    );
    expect(await refusal([{ oauth: [] }, { bearer: [] }], 403)).toContain(
      '"oauth" (OAuth 2) or "bearer" (HTTP bearer): set "auth": { "oauth": { "client_id": "...", "client_secret": "${OAUTH}" } }',
    );
  });

  test("with a credential the message says which one was not accepted", async () => {
    const auth = { bearer: "s3cret-token" };
    expect(await refusal([{ bearer: [] }], 401, { auth })).toContain(
      'What "auth"."bearer" of server "api" stands for was sent and not accepted',
    );
    expect(await refusal([{ bearer: [] }], 403, { auth })).toContain("may not do this");
  });

  test("where the document names no scheme the message tells of headers", async () => {
    replies.api = () => ({ status: 401 });
    await using adapter = adapterOf(specOf({ "/x": { get: { operationId: "ask" } } }), {
      baseUrl: service.url,
    });
    await expect(callTool(adapter, "ask")).rejects.toThrow(
      'set "headers": { "Authorization": "Bearer ${YOUR_TOKEN}" }',
    );
  });
});

test("a credential for a scheme that the document does not have is told", async () => {
  await using adapter = open([{ bearer: [] }], { auth: { baerer: "s3cret-token" } });
  const { diagnostics } = await adapter.listTools({ signal: AbortSignal.timeout(60_000) });
  expect(diagnostics).toEqual([
    {
      code: "AUTH_UNUSED",
      message:
        '"auth"."baerer" of server "api" is no security scheme of its document, and is not sent. Did you mean "bearer"?',
    },
  ]);
});

test("a secret with a line break is told without showing it", async () => {
  await using adapter = open([{ bearer: [] }], { auth: { bearer: "s3cret-token\n" } });
  const failing = callTool(adapter, "ask");
  await expect(failing).rejects.toThrow(
    'in the header "authorization" holds characters that a header cannot have',
  );
  await expect(failing).rejects.not.toThrow("s3cret-token");
});

test("what a service repeats of a credential goes to no program; other settings are data", async () => {
  replies.api = ({ headers, target }) => ({ json: { headers, target } });
  await using adapter = open([{ oauth: [], query: [] }], {
    headers: { "X-Api-Token": "Key s3cret-header", "X-Region": "europe-west" },
    auth: { oauth: { clientId: "me", clientSecret: "s3cret-client" }, query: "s3cret-query" },
  });

  expect(await callTool(adapter, "ask")).toMatchObject({
    headers: {
      authorization: "Bearer [secret]",
      "x-api-token": "[secret]",
      "x-region": "europe-west",
    },
    target: "/x?key=[secret]",
  });
});

test("no secret is in a message, detail or cause, whatever the service says", async () => {
  const secrets = [
    "s3cret-header",
    SECRET,
    "s3cret-client",
    "access-token-1",
    "s3cret-extra",
    "s3cret-query",
  ];
  replies.api = ({ headers, target }) => ({
    status: 400,
    json: {
      message: `${headers.authorization} ${String(headers["x-own"])} ${target}`,
      all: { headers },
      more: secrets,
    },
  });
  await using adapter = open([{ oauth: [], query: [], basic: [] }], {
    headers: { "X-Own": "Key s3cret-header" },
    auth: {
      oauth: { clientId: "me", clientSecret: "s3cret-client" },
      query: "s3cret-query",
      basic: { username: "me", password: SECRET },
    },
    secrets: ["s3cret-extra"],
  });

  const error = await callTool(adapter, "ask").catch((failure: unknown) => failure);

  const shown = inspect(error, { depth: 10, maxStringLength: null });
  expect(shown).toContain("[secret]");
  for (const secret of [...secrets, encodeURIComponent(SECRET), btoa("me:s3cret-client")])
    expect(shown).not.toContain(secret);
});
