import { describe, expect, test } from "vitest";

import { callTool } from "./fixtures/call-tool.ts";
import { setUpSecuredService } from "./fixtures/secured-service.ts";

const { service, tokens, replies, open } = await setUpSecuredService();

const authorizations = () =>
  service.requests.filter(({ path }) => path === "/x").map(({ headers }) => headers.authorization);

describe("OAuth 2 client credentials", () => {
  const auth = { oauth: { clientId: "me", clientSecret: "s3cret-client" } };
  test("a token is fetched once for calls at the same time and kept", async () => {
    await using adapter = open([{ oauth: ["read"] }], { auth });

    await Promise.all(Array.from({ length: 5 }, () => callTool(adapter, "ask")));
    await callTool(adapter, "ask");

    expect(tokens.issued).toBe(1);
    const request = service.requests.findLast(({ path }) => path === "/token");
    expect(request?.body.toString()).toBe("scope=read&grant_type=client_credentials");
    expect(request?.headers.authorization).toBe(`Basic ${btoa("me:s3cret%2Dclient")}`);
    expect(authorizations().at(-1)).toBe("Bearer access-token-1");
  });

  test("a token that expired is fetched again", async () => {
    tokens.seconds = 0;
    await using adapter = open([{ oauth: [] }], { auth });
    await callTool(adapter, "ask");
    await callTool(adapter, "ask");
    expect(tokens.issued).toBe(2);
  });

  test("a token that was revoked is renewed once, and the call made again", async () => {
    await using adapter = open([{ oauth: [] }], { auth });
    replies.api = ({ headers }) =>
      headers.authorization === "Bearer access-token-1" ? { status: 401 } : { json: "fine" };
    expect(await callTool(adapter, "ask")).toBe("fine");
    expect(tokens.issued).toBe(2);

    replies.api = () => ({ status: 401 });
    await expect(callTool(adapter, "ask")).rejects.toMatchObject({ details: { status: 401 } });
    expect(tokens.issued).toBe(3);
  });

  test("a token service that looks for the secret in the body finds it there", async () => {
    replies.token = ({ body }) =>
      body.toString().includes("client_secret=s3cret-client")
        ? { json: { access_token: "access-token-9", token_type: "bearer" } }
        : {
            status: 401,
            headers: { "www-authenticate": "Basic" },
            json: { error: "invalid_client" },
          };
    await using adapter = open([{ oauth: [] }], { auth });

    await callTool(adapter, "ask");

    expect(authorizations().at(-1)).toBe("Bearer access-token-9");
  });

  test("a refusal of the token service says where and what to check, and is asked again the next time", async () => {
    replies.token = () => ({ status: 401, json: { error: "invalid_client" } });
    await using adapter = open([{ oauth: [] }], { auth });

    await expect(callTool(adapter, "ask")).rejects.toMatchObject({
      code: "SERVER_UNAVAILABLE",
      message: expect.stringMatching(
        /no token for "oauth" at http.*\/token: .*Check the client id and secret in "auth"\."oauth"/,
      ),
    });

    replies.token = undefined;
    expect(await callTool(adapter, "ask")).toEqual({});
  });

  test("one caller's end is not the others'", async () => {
    await using adapter = open([{ oauth: [] }], { auth });
    const call = { tool: "api.ask", args: {}, callId: "1", executionId: "1" };
    const controller = new AbortController();

    const first = adapter.callTool(call, { signal: controller.signal });
    const second = callTool(adapter, "ask");
    controller.abort();

    await expect(first).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await second).toEqual({});
    expect(tokens.issued).toBe(1);
  });
});
