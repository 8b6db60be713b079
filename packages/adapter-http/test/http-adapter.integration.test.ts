import { createToolRegistry } from "@codemode/core";
import { testAdapterConformance } from "@codemode/core/testing";
import { expect, test } from "vitest";

import type { HttpAdapterOptions } from "../src/index.ts";
import { createHttpAdapter } from "../src/index.ts";
import { call } from "./call-web.ts";
import { setUpWebService } from "./web-service.ts";

const service = setUpWebService();
const { seen } = service;

testAdapterConformance({
  name: "http",
  createAdapter: (name) =>
    createHttpAdapter({
      name,
      baseUrl: service.base,
      endpoints: {
        works: { path: "/echo/{id}", response: { pick: "/url" } },
        fails: { path: "/status/404" },
        waits: { path: "/wait" },
      },
    }),
  works: { tool: "works", args: { id: "1" }, value: "/echo/1" },
  fails: { tool: "fails", args: {}, message: "status 404" },
  waits: { tool: "waits", args: {} },
});

test("whatever is in a value, it stays within its segment, field and header", async () => {
  const evil = "a/b?c=d&e#f @evil.example:1 %2e é";

  const value = await call(
    {
      url: `${service.base}/repos/{owner}/x?fixed=1&q={owner}`,
      query: { again: "<{owner}>", n: 2 },
      headers: { "X-Who": "{who}" },
    },
    { owner: evil, who: "me: you" },
  );

  expect(value).toMatchObject({
    url: `/repos/${encodeURIComponent(evil)}/x?${new URLSearchParams({ fixed: "1", q: evil, again: `<${evil}>`, n: "2" }).toString()}`,
    headers: { "x-who": "me: you" },
  });
});

test("values that would lead elsewhere are refused before anything is sent", async () => {
  const before = seen.length;
  const url = `${service.base}/repos/{owner}/x`;

  const attempts = await Promise.allSettled([
    ...["..", ".", ""].map((owner) => call({ url }, { owner })),
    call({ url: service.base, headers: { "x-a": "{a}" } }, { a: "x\r\nhost: evil.example" }),
    call({ url }, {}),
    call({ url }, { owner: "a", ownr: "b" }),
    call({ url, params: { owner: { enum: ["a"] } } }, { owner: "b" }),
  ]);

  for (const attempt of attempts)
    expect(attempt).toMatchObject({ status: "rejected", reason: { code: "INVALID_ARGUMENTS" } });
  expect(seen).toHaveLength(before);
});

test("scheme and host are the file's: a placeholder in them is refused", () => {
  const urls = [
    "{scheme}://a.example/",
    "https://{host}/",
    "https://a.example{x}/",
    "https://{u}@a.example/",
    "https://a.example:{port}/",
    "https://u:p@a.example/",
    "ftp://a.example/",
    "https://a.example/../x",
    "/only/path",
    "https://a.example\\{x}",
  ];

  for (const url of urls)
    expect(() => createHttpAdapter({ name: "web", url })).toThrow('Server "web": "url"');
});

test("a JSON body takes values of their own type and leaves out what is missing", async () => {
  const options: Partial<HttpAdapterOptions> = {
    url: `${service.base}/echo`,
    body: {
      json: {
        text: "Hi {name}",
        count: "{count}",
        tags: "{tags}",
        meta: "{meta}",
        not: "{not}",
        list: ["{tags}", 1],
      },
    },
    params: {
      count: { type: "integer", default: 3 },
      tags: { type: "array" },
      meta: { type: "object" },
      not: { required: false },
    },
    response: { pick: "/body" },
  };

  const body = await call(options, { name: 'a"b', tags: ["x", 1], meta: { deep: [true] } });

  expect(typeof body === "string" && JSON.parse(body)).toEqual({
    text: 'Hi a"b',
    count: 3,
    tags: ["x", 1],
    meta: { deep: [true] },
    list: [["x", 1], 1],
  });
});

test("forms and texts are sent as such, lists as repeated fields", async () => {
  const form = await call(
    {
      url: `${service.base}/echo`,
      body: { form: { a: "{a}", b: "x&{a}" } },
      params: { a: { type: "string" } },
    },
    { a: "1&2=3" },
  );
  const list = await call(
    {
      url: `${service.base}/echo`,
      query: { id: "{ids}" },
      params: { ids: { type: "array" } },
      response: { pick: "/url" },
    },
    { ids: [1, "a&b"] },
  );
  const text = await call(
    { url: `${service.base}/echo`, method: "put", body: { text: "<{a}>" } },
    { a: "1" },
  );

  expect(form).toMatchObject({
    method: "POST",
    body: "a=1%262%3D3&b=x%261%262%3D3",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(list).toBe("/echo?id=1&id=a%26b");
  expect(text).toMatchObject({
    method: "PUT",
    body: "<1>",
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
});

test("the service knows its caller in each of the three ways, and no argument changes that", async () => {
  const url = `${service.base}/echo`;
  const headers = { Authorization: "{mine}" };
  const bearer = { url, headers, auth: { bearer: "secret-token" } };
  const value = await call(bearer, { mine: "Bearer other" });
  expect(service.heard).toEqual(["/echo", "Bearer secret-token", undefined]);
  // What the service tells of it goes to nobody.
  expect(value).toMatchObject({ headers: { authorization: "Bearer [secret]" } });

  await call({ url, auth: { basic: { username: "me", password: "pass:wörd" } } });
  const basic = Buffer.from("me:pass:wörd").toString("base64");
  expect(service.heard).toEqual(["/echo", `Basic ${basic}`, undefined]);

  await call({ url, auth: { apiKey: { header: "X-Key", value: "secret-key" } } });
  expect(service.heard).toEqual(["/echo", undefined, "secret-key"]);

  const query = { url, query: { key: "{key}" } };
  await call(
    { ...query, auth: { apiKey: { query: "key", value: "secret key" } } },
    { key: "other" },
  );
  expect(service.heard).toEqual(["/echo?key=secret+key", undefined, undefined]);
});

test("endpoints are tools with the hints of their methods", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(
    createHttpAdapter({
      name: "github",
      baseUrl: "https://api.github.com/",
      tags: ["code"],
      endpoints: {
        get_repo: { path: "/repos/{owner}/{repo}", description: "Get repository metadata" },
        remove: { path: "/repos/{owner}/{repo}", method: "DELETE" },
      },
    }),
  );
  await registry.discoverAll();

  expect(registry.get("github.get_repo")).toMatchObject({
    description: "Get repository metadata",
    inputSchema: { required: ["owner", "repo"], additionalProperties: false },
    annotations: { readOnlyHint: true },
    tags: ["code"],
  });
  expect(registry.get("github.remove")).toMatchObject({
    description: "DELETE https://api.github.com/repos/{owner}/{repo}",
    annotations: { readOnlyHint: false, destructiveHint: true },
  });
});
