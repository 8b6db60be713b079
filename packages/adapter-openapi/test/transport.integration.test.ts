import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { adapterOf, callTool, specOf } from "./fixtures/call-tool.ts";
import type { Handler } from "./fixtures/http-service.ts";
import { startService } from "./fixtures/http-service.ts";

let api: Handler = () => ({ json: {} });
const service = await startService((request, response) => api(request, response));
const other = await startService(({ headers, target, method }) => ({
  json: { headers, target, method },
}));
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
beforeEach(() => {
  api = () => ({ json: {} });
});

const operation = (operationId: string) => ({
  operationId,
  security: [{ key: [] }],
  parameters: [{ name: "X-Mine", in: "header" }],
});
const spec = specOf(
  {
    "/x": {
      get: operation("ask"),
      post: { ...operation("add"), requestBody: { content: { "application/json": {} } } },
      put: { ...operation("set"), requestBody: { content: { "application/json": {} } } },
    },
  },
  {
    servers: [{ url: service.url }, { url: other.url }],
    components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
  },
);
const auth = { key: "s3cret-key" };

describe("redirects", () => {
  test("on the same origin they are followed with credentials; POST goes on as GET after 302, not after 307", async () => {
    api = ({ path, method, headers, body }) =>
      path === "/x"
        ? { status: headers["x-mine"] === "307" ? 307 : 302, headers: { location: "/y" } }
        : { json: { method, hasKey: headers["x-key"] === auth.key, body: body.toString() } };
    await using adapter = adapterOf(spec, { auth });

    expect(await callTool(adapter, "add", { body: { a: 1 } })).toEqual({
      method: "GET",
      hasKey: true,
      body: "",
    });
    expect(await callTool(adapter, "add", { body: { a: 1 }, "X-Mine": "307" })).toEqual({
      method: "POST",
      hasKey: true,
      body: '{"a":1}',
    });
  });

  test("to another of the document's servers nothing goes that proves who calls", async () => {
    api = () => ({ status: 302, headers: { location: `${other.url}/y?z=1` } });
    await using adapter = adapterOf(spec, { auth, headers: { Authorization: "Bearer s3cret" } });

    const value = await callTool(adapter, "ask", { "X-Mine": "mine" });

    expect(value).toMatchObject({ target: "/y?z=1" });
    expect(value).not.toHaveProperty(["headers", "x-key"]);
    expect(value).not.toHaveProperty(["headers", "authorization"]);
    expect(value).not.toHaveProperty(["headers", "x-mine"]);
  });

  test("to any other place they are not followed", async () => {
    const before = other.requests.length;
    api = () => ({ status: 302, headers: { location: `${other.url}/y?token=abc` } });
    await using adapter = adapterOf(spec, { auth, baseUrl: service.url });

    await expect(callTool(adapter, "ask")).rejects.toMatchObject({
      code: "TOOL_FAILED",
      message: `Tool "api.ask" failed: GET /x redirects to ${other.url}/y (HTTP 302), which is none of its servers, so it is not followed. Set "base_url" of server "api" to that place if you trust it.`,
      details: { status: 302, location: `${other.url}/y` },
    });
    expect(other.requests).toHaveLength(before);
  });

  test("in a circle they end", async () => {
    api = () => ({ status: 307, headers: { location: "/x" } });
    await using adapter = adapterOf(spec);
    await expect(callTool(adapter, "ask")).rejects.toThrow("one redirect too many");
  });
});

const failing = (times: number, status = 503, headers = {}): Handler => {
  let count = 0;
  return ({ body }) => {
    count += 1;
    return count <= times ? { status, headers } : { json: { count, body: body.toString() } };
  };
};

describe("retries", () => {
  test("there are none unless they are configured", async () => {
    api = failing(1);
    await using adapter = adapterOf(spec);
    await expect(callTool(adapter, "ask")).rejects.toMatchObject({
      retryable: true,
      details: { status: 503 },
    });
  });

  test("an idempotent call is made again with its body, and a POST is not", async () => {
    await using adapter = adapterOf(spec, { retries: 2 });

    api = failing(2, 429);
    expect(await callTool(adapter, "ask")).toMatchObject({ count: 3 });
    api = failing(1);
    expect(await callTool(adapter, "set", { body: [1] })).toEqual({ count: 2, body: "[1]" });
    api = failing(1);
    await expect(callTool(adapter, "add", { body: 1 })).rejects.toMatchObject({
      details: { status: 503 },
    });
    api = failing(3);
    await expect(callTool(adapter, "ask")).rejects.toMatchObject({ details: { status: 503 } });
  });

  test("what is no passing trouble is not tried again", async () => {
    api = failing(1, 500);
    await using adapter = adapterOf(spec, { retries: 3 });
    await expect(callTool(adapter, "ask")).rejects.toMatchObject({ details: { status: 500 } });
  });

  test("a lost connection is tried again", async () => {
    let count = 0;
    api = (_request, response) => {
      count += 1;
      if (count > 1) return { json: count };
      response.destroy();
      return undefined;
    };
    await using adapter = adapterOf(spec, { retries: 1 });
    expect(await callTool(adapter, "ask")).toBe(2);
  });

  test("the time that is asked for is waited where it fits, and told at once where it does not", async () => {
    await using adapter = adapterOf(spec, { retries: 1, timeoutMs: 30_000 });

    api = failing(1, 503, { "retry-after": "1" });
    const start = performance.now();
    await callTool(adapter, "ask");
    expect(performance.now() - start).toBeGreaterThan(990);

    api = failing(1, 503, { "retry-after": "3600" });
    await expect(callTool(adapter, "ask")).rejects.toMatchObject({
      details: { retryAfterSeconds: 3_600 },
    });
  });
});

describe("what can go wrong on the way", () => {
  test("a call that takes too long is a timeout, while waiting and while reading", async () => {
    await using adapter = adapterOf(spec, { timeoutMs: 200 });
    const error = {
      code: "TOOL_TIMEOUT",
      retryable: true,
      message: expect.stringContaining(
        'did not answer within 200 ms. Ask for less at once, or raise "timeout_ms" of server "api".',
      ),
    };

    api = () => undefined;
    await expect(callTool(adapter, "ask")).rejects.toMatchObject(error);
    api = (_request, response) => void response.write("{");
    await expect(callTool(adapter, "ask")).rejects.toMatchObject(error);
  });

  test("a service that ends in the middle of an answer is told as that", async () => {
    api = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write("{", () => response.destroy());
      return undefined;
    };
    await using adapter = adapterOf(spec);

    await expect(callTool(adapter, "ask")).rejects.toMatchObject({
      code: "TOOL_FAILED",
      retryable: true,
      message: expect.stringContaining("the answer of HTTP 200 broke off"),
    });
  });

  test("a service that is not there is named", async () => {
    const gone = await startService(() => ({}));
    await gone[Symbol.asyncDispose]();
    await using adapter = adapterOf(spec, { baseUrl: gone.url, auth });
    const error = {
      code: "SERVER_UNAVAILABLE",
      retryable: true,
      message: `Server "api" cannot be reached at ${gone.url} (ECONNREFUSED). Check that it runs and its "base_url".`,
    };

    await expect(callTool(adapter, "ask")).rejects.toMatchObject(error);
    await expect(adapter.check({ signal: AbortSignal.timeout(60_000) })).rejects.toMatchObject(
      error,
    );
  });

  test("a check asks without credentials, and any answer will do", async () => {
    api = () => ({ status: 500 });
    await using adapter = adapterOf(spec, { auth });
    await adapter.check({ signal: AbortSignal.timeout(60_000) });
    expect(service.requests.at(-1)).toMatchObject({ method: "HEAD" });
    expect(service.requests.at(-1)?.headers).not.toHaveProperty("x-key");
  });
});
