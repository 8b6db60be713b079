import { expect, test } from "vitest";

import { call } from "./call-web.ts";
import { setUpWebService } from "./web-service.ts";

const service = setUpWebService();

test("answers become values: JSON, text, nothing, another character set, a part", async () => {
  const text = await call({ url: `${service.base}/text`, response: { type: "text" } });
  const empty = await call({ url: `${service.base}/empty`, response: { type: "json" } });
  const nothing = await call({ url: `${service.base}/empty` });
  const latin = await call({ url: `${service.base}/latin` });
  const picked = await call({
    url: `${service.base}/echo`,
    response: { pick: "/headers/user-agent" },
  });

  expect([text, empty, nothing, latin, picked]).toEqual([
    '{"not": "parsed"}',
    null,
    null,
    "hé",
    "codemode",
  ]);
  await expect(
    call({ url: `${service.base}/echo`, response: { pick: "/headers/nope/x" } }),
  ).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining('has no "/headers/nope/x": "/headers" has '),
  });
  await expect(call({ url: `${service.base}/broken` })).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining("was to answer with JSON"),
  });
});

test("a status that is no success is an error with status and body, without secrets and control characters", async () => {
  const attempt = call({ url: `${service.base}/status/503`, auth: { bearer: "secret-token" } });

  await expect(attempt).rejects.toMatchObject({
    code: "TOOL_FAILED",
    retryable: true,
    message: expect.stringContaining("answered with status 503"),
    details: { status: 503, body: '{"message":"no \\u001b[31mBearer [secret]"}' },
  });
});

test("the time that a service asks to wait is told, and an answer that breaks off is told as that", async () => {
  await expect(call({ url: `${service.base}/busy` })).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining("It asks to wait 3 s"),
    details: { status: 429, retryAfterSeconds: 3 },
  });
  for (const [path, why] of [
    ["cut", "UND_ERR_SOCKET"],
    ["garbled", "Z_DATA_ERROR"],
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await expect(call({ url: `${service.base}/${path}` })).rejects.toMatchObject({
      code: "TOOL_FAILED",
      message: expect.stringContaining(`with status 200 broke off (${why})`),
    });
  }
});

test("an error repeats none of the values that were filled in for variables", async () => {
  const secrets = ["filled-in-value"];
  const headers = { authorization: "Key filled-in-value" };

  const refused = call({ url: `${service.base}/status/400`, headers, secrets });

  await expect(refused).rejects.toMatchObject({
    message: expect.stringContaining("Key [secret]"),
    details: { body: expect.stringContaining("Key [secret]") },
  });
  const broken = call({ url: `${service.base}/broken/filled-in-value`, secrets });
  await expect(broken).rejects.toMatchObject({ message: expect.stringContaining("[secret]") });
});

test("answers over the limit are errors, by their size when decompressed", async () => {
  const large = call({ url: `${service.base}/large`, maxResponseBytes: 50_000 });
  await expect(large).rejects.toMatchObject({ code: "TOOL_RESULT_TOO_LARGE" });
  const bomb = call({ url: `${service.base}/bomb`, maxResponseBytes: 1_000_000 });
  await expect(bomb).rejects.toMatchObject({ code: "TOOL_RESULT_TOO_LARGE" });
});

test("a redirect within the service is followed, another is an error that names its host", async () => {
  const inside = await call(
    { url: `${service.base}/redirect/{to}`, response: { pick: "/url" } },
    { to: "/echo" },
  );
  const outside = call(
    { url: `${service.base}/redirect/{to}`, auth: { bearer: "secret-token" } },
    { to: "http://localhost:1/x" },
  );
  await expect(outside).rejects.toMatchObject({
    code: "TOOL_FAILED",
    message: expect.stringContaining("a redirect to http://localhost:1 "),
  });
  const posted = call(
    { url: `${service.base}/redirect/{to}`, body: { text: "x" } },
    { to: "/echo" },
  );
  await expect(posted).rejects.toMatchObject({ code: "TOOL_FAILED" });
  const endless = call({ url: `${service.base}/loop` });
  await expect(endless).rejects.toMatchObject({ code: "TOOL_FAILED" });

  expect(inside).toBe("/echo");
});

test("no answer in time, and no server at all, are typed errors", async () => {
  const slow = call({ url: `${service.base}/wait`, timeoutMs: 100 });
  await expect(slow).rejects.toMatchObject({ code: "TOOL_TIMEOUT", tool: "web.web" });
  const gone = call({ url: "http://127.0.0.1:2/x" });
  await expect(gone).rejects.toMatchObject({ code: "SERVER_UNAVAILABLE", tool: "web.web" });
});
