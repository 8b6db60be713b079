import { gzipSync } from "node:zlib";

import { afterAll, describe, expect, test } from "vitest";

import type { OpenapiAdapterOptions } from "../src/index.ts";
import { adapterOf, callTool, specOf } from "./fixtures/call-tool.ts";
import type { Reply } from "./fixtures/http-service.ts";
import { startService } from "./fixtures/http-service.ts";

let reply: Reply = {};
const service = await startService(() => reply);
afterAll(() => service[Symbol.asyncDispose]());

const JSON_ANSWER = { 200: { content: { "application/json": {} } } };

async function answer(
  given: Reply,
  options: Partial<OpenapiAdapterOptions> & {
    readonly responses?: unknown;
    readonly method?: string;
  } = {},
) {
  const { responses = JSON_ANSWER, method = "get", ...rest } = options;
  reply = given;
  const spec = specOf({ "/x/{id}": { [method]: { operationId: "ask", responses } } });
  await using adapter = adapterOf(spec, { baseUrl: service.url, ...rest });
  return await callTool(adapter, "ask", { id: "secret-id" });
}

const typed = (type: string, body: string | Uint8Array): Reply => ({
  body,
  headers: { "content-type": type },
});

describe("values", () => {
  test.each([
    ["JSON", { json: { a: [1, null] } }, { a: [1, null] }],
    ["JSON's relatives", typed("application/problem+json; charset=utf-8", '{"a":1}'), { a: 1 }],
    ["a scalar", { json: "text" }, "text"],
    [
      "a text that looks like JSON, as text where JSON is not declared",
      typed("text/plain", "[x"),
      "[x",
    ],
    ["JSON that is called a text", typed("text/plain", '{"a":1}'), { a: 1 }],
    ["another charset", typed("text/plain; charset=iso-8859-1", Uint8Array.of(0xfc)), "ü"],
    ["an unknown charset", typed("text/plain; charset=nonsense", "a"), "a"],
    ["bytes", typed("image/png", Uint8Array.of(0, 255)), { mimeType: "image/png", data: "AP8=" }],
    ["nothing", { status: 204 }, null],
    [
      "integers that no number can hold, as their digits",
      typed(
        "application/json",
        '{"id": 12345678901234567891, "near": [9007199254740991], "far": 1e30}',
      ),
      { id: "12345678901234567891", near: [9_007_199_254_740_991], far: 1e30 },
    ],
    ["JSON of no type", { body: '{"a":1}' }, { a: 1 }],
    [
      "bytes of no type",
      { body: Uint8Array.of(255, 0) },
      { mimeType: "application/octet-stream", data: "/wA=" },
    ],
  ])("%s", async (_what, given, value) => {
    expect(await answer(given)).toEqual(value);
  });

  test("a HEAD gives status and headers", async () => {
    const value = await answer(
      { headers: { "x-total": "7", "set-cookie": "a=b" } },
      { method: "head" },
    );
    expect(value).toMatchObject({ status: 200, headers: { "x-total": "7" } });
    expect(value).not.toHaveProperty(["headers", "set-cookie"]);
  });

  test("status and headers of all others stand in the meta data", async () => {
    reply = { status: 201, headers: { location: "/x/9" }, json: {} };
    await using adapter = adapterOf(specOf({ "/x": { post: { operationId: "add" } } }), {
      baseUrl: service.url,
    });
    const call = { tool: "api.add", args: {}, callId: "1", executionId: "1" };

    const { meta } = await adapter.callTool(call, { signal: AbortSignal.timeout(60_000) });

    expect(meta).toMatchObject({ status: 201, headers: { location: "/x/9" } });
  });

  test("the media types of the document are asked for, JSON first", async () => {
    const content = { "text/csv": {}, "application/json": {}, "bad\r\ntype": {} };
    await answer({ json: {} }, { responses: { 200: { content } } });
    expect(service.requests.at(-1)?.headers["accept"]).toBe(
      "application/json, text/csv;q=0.8, */*;q=0.1",
    );
  });
});

describe("failures", () => {
  test.each([
    [
      "JSON's message",
      { status: 422, json: { error: { message: "Too\nlong" } } },
      "answered HTTP 422: Too long.",
    ],
    [
      "a list of errors",
      { status: 400, json: { errors: [{ detail: "No name" }] } },
      "answered HTTP 400: No name.",
    ],
    [
      "a page's title",
      { status: 502, ...typed("text/html", "<html><title>Bad gateway</title>") },
      "answered HTTP 502: Bad gateway.",
    ],
    ["a text", { status: 500, ...typed("text/plain", "Broken") }, "answered HTTP 500: Broken."],
    ["nothing", { status: 404 }, "answered HTTP 404."],
  ])("%s", async (_what, given, message) => {
    await expect(answer(given)).rejects.toMatchObject({
      code: "TOOL_FAILED",
      tool: "api.ask",
      message: expect.stringContaining(`GET /x/{id} ${message}`),
    });
  });

  test("status, body and the time to wait are data", async () => {
    const given = { status: 429, json: { code: 7 }, headers: { "retry-after": "30" } };
    await expect(answer(given)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining("It asks to wait 30 s."),
      details: { status: 429, body: { code: 7 }, retryAfterSeconds: 30 },
    });
    await expect(answer({ status: 409, json: [] })).rejects.toMatchObject({ retryable: false });
  });

  test("the time to wait may be a date", async () => {
    const headers = { "retry-after": new Date(Date.now() + 60_000).toUTCString() };
    await expect(answer({ status: 503, headers })).rejects.toMatchObject({
      details: { retryAfterSeconds: expect.closeTo(60, -1) },
    });
  });

  test("broken JSON is told with its status", async () => {
    await expect(answer(typed("application/json", "{oops"))).rejects.toMatchObject({
      code: "TOOL_FAILED",
      message: expect.stringContaining("answered HTTP 200 with broken JSON"),
    });
  });

  test("an answer that cannot be decompressed is told as what it is", async () => {
    const gzip = { "content-encoding": "gzip", "content-type": "application/json" };
    await expect(answer({ body: "no gzip at all", headers: gzip })).rejects.toMatchObject({
      code: "TOOL_FAILED",
      retryable: true,
      message: expect.stringMatching(/the answer of HTTP 200 broke off \(Z_DATA_ERROR\)/),
    });
  });

  test("a long body is cut, and no argument stands in the message", async () => {
    const failing = answer({ status: 500, ...typed("text/plain", "x".repeat(100_000)) });
    await expect(failing).rejects.toMatchObject({ details: { body: "x".repeat(4_000) } });
    await expect(failing).rejects.not.toThrow("secret-id");
  });
});

describe("sizes", () => {
  test("an answer over the limit is refused with what to do", async () => {
    await expect(
      answer({ body: "x".repeat(2_000) }, { maxResponseBytes: 1_000 }),
    ).rejects.toMatchObject({
      code: "TOOL_RESULT_TOO_LARGE",
      message: expect.stringMatching(/over the limit of 1000 bytes.*"max_response_bytes"/),
    });
  });

  test("what counts is the size after decompression", async () => {
    const zipped = gzipSync(Buffer.alloc(20_000_000));
    const headers = { "content-encoding": "gzip", "content-type": "text/plain" };
    expect(zipped.byteLength).toBeLessThan(50_000);

    await expect(
      answer({ body: zipped, headers }, { maxResponseBytes: 1_000_000 }),
    ).rejects.toMatchObject({
      code: "TOOL_RESULT_TOO_LARGE",
    });
    expect(await answer({ body: gzipSync("fine"), headers })).toBe("fine");
  });
});
