import type { JsonObject, JsonValue } from "@codemode/core";
import { afterAll, describe, expect, test } from "vitest";

import { adapterOf, callTool, specOf } from "./fixtures/call-tool.ts";
import type { ReceivedRequest } from "./fixtures/http-service.ts";
import { startService } from "./fixtures/http-service.ts";

const service = await startService(() => ({ json: {} }));
afterAll(() => service[Symbol.asyncDispose]());

async function send(content: JsonObject, body: JsonValue): Promise<ReceivedRequest> {
  const spec = specOf({
    "/x": { post: { operationId: "send", requestBody: { required: true, content } } },
  });
  await using adapter = adapterOf(spec, { baseUrl: service.url });
  await callTool(adapter, "send", { body });
  const request = service.requests.at(-1);
  if (!request) throw new Error("nothing was sent");
  return request;
}

function formOf({ body, headers }: ReceivedRequest): Promise<FormData> {
  const type = headers["content-type"] ?? "";
  return new Response(Uint8Array.from(body), { headers: { "content-type": type } }).formData();
}

describe("JSON", () => {
  test.each(["application/json", "application/vnd.api+json", "*/*"])("%s", async (type) => {
    const { body, headers } = await send({ [type]: {} }, { name: "Rex \u2603", tags: [1, null] });

    expect(JSON.parse(body.toString())).toEqual({ name: "Rex \u2603", tags: [1, null] });
    expect(headers["content-type"]).toBe(type === "*/*" ? "application/json" : type);
    expect(headers["content-length"]).toBe(String(body.length));
  });

  test("JSON is taken where there is a choice", async () => {
    const { headers } = await send(
      { "application/xml": {}, "multipart/form-data": {}, "application/json": {} },
      1,
    );
    expect(headers["content-type"]).toBe("application/json");
  });
});

describe("forms", () => {
  const type = "application/x-www-form-urlencoded";

  test("fields are escaped, lists repeated, objects JSON", async () => {
    const { body, headers } = await send(
      { [type]: {} },
      { a: "x y&z", list: ["1", "+"], deep: { k: 1 }, none: null },
    );

    expect(headers["content-type"]).toBe(type);
    expect(body.toString()).toBe("a=x+y%26z&list=1&list=%2B&deep=%7B%22k%22%3A1%7D&none=");
    expect(new URLSearchParams(body.toString()).get("deep")).toBe('{"k":1}');
  });

  test("an encoding's style is kept", async () => {
    const encoding = {
      list: { style: "form", explode: false },
      deep: { style: "deepObject", explode: true },
    };
    const { body } = await send(
      { [type]: { encoding } },
      { list: ["1", "2"], deep: { k: { l: 1 } } },
    );
    expect(body.toString()).toBe("list=1,2&deep[k][l]=1");
  });
});

describe("multipart", () => {
  const properties = {
    file: { type: "string", contentMediaType: "application/octet-stream" },
    files: { type: "array", items: { type: "string", format: "binary" } },
    meta: { type: "object" },
    title: { type: "string" },
  };
  const content = { "multipart/form-data": { schema: { type: "object", properties } } };
  const data = Buffer.from([0, 255, 10, 13, 45, 45]).toString("base64");

  test("files keep name, type and bytes; objects are JSON; lists are repeated", async () => {
    const request = await send(content, {
      file: { data, mimeType: "image/png", filename: 'a"b\r\nc.png' },
      files: [{ data }, { data, filename: "two" }],
      meta: { a: 1 },
      title: "Tür",
    });
    const form = await formOf(request);

    const file = form.get("file");
    if (!(file instanceof File)) throw new Error("no file");
    expect([file.name, file.type]).toEqual(['a"b\r\nc.png', "image/png"]);
    expect(Buffer.from(await file.arrayBuffer()).toString("base64")).toBe(data);
    expect(form.getAll("files")).toHaveLength(2);
    expect(form.get("title")).toBe("Tür");
    expect(request.body.toString()).toContain(
      'name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}',
    );
    expect(request.body.toString()).toContain('name="title"\r\n\r\n');
  });

  test("an encoding's content type is said", async () => {
    const encoding = { title: { contentType: "text/markdown" } };
    const { body } = await send({ "multipart/form-data": { encoding } }, { title: "# Hi" });
    expect(body.toString()).toContain("Content-Type: text/markdown\r\n\r\n# Hi");
  });

  test("a file that is none is refused with what it has to be", async () => {
    await expect(send(content, { file: { name: "a" } })).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining('"body.file" has to be { data: "<base64>"'),
    });
    await expect(send(content, "text")).rejects.toThrow('"body" has to be an object');
  });
});

describe("text and bytes", () => {
  test.each(["text/plain", "application/xml"])("%s goes as it is", async (type) => {
    const { body, headers } = await send({ [type]: {} }, "<a>ü</a>");
    expect(body.toString()).toBe("<a>ü</a>");
    expect(headers["content-type"]).toBe(`${type};charset=utf-8`);
  });

  test("bytes go as bytes, of the type that they are where the document leaves a choice", async () => {
    const file = { data: Buffer.from([1, 2, 255]).toString("base64"), mimeType: "image/webp" };

    const fixed = await send({ "application/octet-stream": {} }, file);
    const chosen = await send({ "image/*": {} }, file);

    expect([...fixed.body]).toEqual([1, 2, 255]);
    expect(fixed.headers["content-type"]).toBe("application/octet-stream");
    expect(chosen.headers["content-type"]).toBe("image/webp");
  });

  test("what is no base64 is refused", async () => {
    await expect(send({ "image/png": {} }, { data: "\u2603" })).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
    });
    await expect(send({ "text/plain": {} }, 5)).rejects.toThrow('"body" has to be a text');
  });
});

test("without an optional body nothing is sent; a required one is asked for", async () => {
  const spec = specOf({
    "/x": {
      post: { operationId: "may", requestBody: { content: { "application/json": {} } } },
      put: {
        operationId: "must",
        requestBody: { required: true, content: { "application/json": {} } },
      },
    },
  });
  await using adapter = adapterOf(spec, { baseUrl: service.url });

  await callTool(adapter, "may");

  expect(service.requests.at(-1)?.body).toHaveLength(0);
  expect(service.requests.at(-1)?.headers).not.toHaveProperty("content-type");
  await expect(callTool(adapter, "must")).rejects.toThrow('"body" is missing');
});
