import { describe, expect, test } from "vitest";

import { openManual, serve, textManual } from "./support.ts";

describe("who calls", () => {
  test("a token is fetched once, and again when it is refused", async () => {
    const fetched: string[] = [];
    let valid = "token-1";
    await using server = await serve((request, response) => {
      response.setHeader("content-type", "application/json");
      if (request.url === "/token") {
        fetched.push(request.headers.authorization ?? request.body);
        response.end(JSON.stringify({ access_token: valid, token_type: "bearer", expires_in: 60 }));
        return;
      }
      response.statusCode = request.headers.authorization === `Bearer ${valid}` ? 200 : 401;
      response.end('{"ok":true}');
    });
    const auth = {
      auth_type: "oauth2",
      token_url: `${server.origin}/token`,
      client_id: "me",
      client_secret: "$SECRET",
      scope: "read",
    };
    const template = { call_template_type: "http", url: `${server.origin}/data`, auth };
    await using manual = await openManual(
      textManual([{ name: "get", tool_call_template: template }], ["http"]),
      { env: { local_SECRET: "very-secret-word" } },
    );

    await manual.call("local.get");
    await manual.call("local.get");
    valid = "token-2";
    const value = await manual.call("local.get");

    expect(value).toEqual({ ok: true });
    expect(fetched).toHaveLength(2);
  });

  test("no message shows a credential that the service repeats", async () => {
    await using server = await serve((request, response) => {
      response.statusCode = 403;
      response.end(`no: ${String(request.headers["x-api-key"])} ${request.url ?? ""}`);
    });
    const auth = { auth_type: "api_key", api_key: "${KEY}", location: "header" };
    const template = { call_template_type: "http", url: `${server.origin}/data?k=$KEY`, auth };
    await using manual = await openManual(
      textManual([{ name: "get", tool_call_template: template }], ["http"]),
      { env: { local_KEY: "very-secret-key" } },
    );

    const error: unknown = await manual.call("local.get").catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: "TOOL_FAILED",
      message: expect.stringContaining("[secret]"),
    });
    expect(JSON.stringify(error)).not.toContain("very-secret-key");
    expect(String(error)).not.toContain("very-secret-key");
  });
});

test("what a service repeats of a credential goes to no program", async () => {
  await using server = await serve((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ key: request.headers["x-api-key"], id: 12 }));
  });
  const auth = { auth_type: "api_key", api_key: "${KEY}", location: "header" };
  const template = { call_template_type: "http", url: `${server.origin}/data`, auth };
  await using manual = await openManual(
    textManual([{ name: "get", tool_call_template: template }], ["http"]),
    { env: { local_KEY: "very-secret-key" } },
  );

  expect(await manual.call("local.get")).toEqual({ key: "[secret]", id: 12 });
});

test.each([
  ["a header", { headers: { "X-Key": "${KEY}" } }, "headers.X-Key"],
  ["a key", { auth: { auth_type: "api_key", api_key: "$KEY" } }, "auth.api_key"],
  ["a content type", { content_type: "text/plain; a=$KEY", body_field: "b" }, "content_type"],
])("a variable with a line break in %s is named, and not shown", async (_what, keys, place) => {
  const template = { call_template_type: "http", url: "http://127.0.0.1:1/", ...keys };
  await using manual = await openManual(
    textManual([{ name: "get", tool_call_template: template }], ["http"]),
    { env: { local_KEY: "very-secret\nkey" } },
  );

  const failing = manual.call("local.get");

  await expect(failing).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: `The call template of tool "local.get" is not valid: ${place}: has characters that a header cannot have, as a line break.`,
  });
  await expect(failing).rejects.not.toThrow("very-secret");
});

test("no argument says which host a request goes to", async () => {
  const template = { call_template_type: "http", url: "http://{host}/data" };
  await using manual = await openManual(
    textManual([{ name: "get", tool_call_template: template }], ["http"]),
  );

  await expect(manual.call("local.get", { host: "127.0.0.1" })).rejects.toThrow(
    "url: has an argument in its host or port",
  );
});

describe("a value in a URL", () => {
  test("stays within its part of the path", async () => {
    await using server = await serve((request, response) => response.end(request.url));
    const template = { call_template_type: "http", url: `${server.origin}/a/{id}/b` };
    await using manual = await openManual(
      textManual([{ name: "get", tool_call_template: template }], ["http"]),
    );

    const value = await manual.call("local.get", { id: "../x?y#z", list: ["1", "2"] });

    expect(value).toBe("/a/..%2Fx%3Fy%23z/b?list=1&list=2");
    await expect(manual.call("local.get", { id: ".." })).rejects.toMatchObject({
      code: "INVALID_ARGUMENTS",
    });
  });
});
