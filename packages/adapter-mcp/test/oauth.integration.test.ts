import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { TokenVault } from "../src/index.ts";
import { createFileVault, createMcpAdapter, logIn, logOut } from "../src/index.ts";
import type { ProtectedServer } from "./fixtures/authorization-server.ts";
import { startProtectedServer } from "./fixtures/authorization-server.ts";
import { withServer } from "./support.ts";

let server: ProtectedServer;
let folder = "";
let vault: TokenVault;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "codemode-test-")), "auth");
  vault = createFileVault(folder);
  server = await startProtectedServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const soon = () => ({ signal: AbortSignal.timeout(60_000) });

/** Logs in as a person with a browser that agrees to everything. */
function logInBy(visit: (url: URL) => Promise<unknown> = fetch): Promise<boolean> {
  const options = { name: "web", url: server.url };
  return logIn(options, {
    ...soon(),
    vault,
    onAuthorizationUrl: (url) => void visit(url).catch(() => undefined),
  });
}

test("a server that wants a login says which command logs in, and nobody is registered for that", async () => {
  await using adapter = createMcpAdapter({ name: "web", url: server.url, vault });

  await expect(adapter.listTools(soon())).rejects.toMatchObject({
    code: "AUTH_REQUIRED",
    message: 'Server "web" wants you to log in. Run: codemode auth web',
    details: { command: "codemode auth web" },
  });
  expect(server.registered).toEqual([]);
});

test("a login is kept in a file of its owner's, and used by every adapter until it is taken away", async () => {
  expect(await logInBy()).toBe(true);

  const [file = ""] = await readdir(folder);
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await readFile(join(folder, file), "utf8")).toContain("access-");
  await withServer({ name: "web", url: server.url, vault }, async (call) => {
    expect(await call("cancelled")).toEqual([]);
  });

  expect(await logOut({ url: server.url }, vault)).toBe(true);
  expect(await logOut({ url: server.url }, vault)).toBe(false);
  await using adapter = createMcpAdapter({ name: "web", url: server.url, vault });
  await expect(adapter.listTools(soon())).rejects.toMatchObject({ code: "AUTH_REQUIRED" });
});

test("calls in parallel whose token has run out get one new token", async () => {
  await logInBy();
  await withServer({ name: "web", url: server.url, vault }, async (call) => {
    await call("cancelled");
    server.expireTokens();
    const before = server.grants.length;

    const answers = await Promise.all(Array.from({ length: 20 }, () => call("cancelled")));

    expect(answers).toHaveLength(20);
    expect(server.grants.slice(before)).toEqual(["refresh_token"]);
    expect(await call("count", { to: 1 })).toBe('"done"');
  });
  // The new token is the one that is kept.
  await withServer({ name: "web", url: server.url, vault }, async (call) => {
    await call("cancelled");
    expect(server.grants.filter((grant) => grant === "refresh_token")).toHaveLength(1);
  });
});

test("a login that was revoked has to be made anew, and the message shows no token", async () => {
  await logInBy();
  const { tokens } = (await vault.read(server.url)) ?? {};
  await withServer({ name: "web", url: server.url, vault }, async (call) => {
    server.revoke();

    const error: unknown = await call("cancelled").catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: "AUTH_REQUIRED",
      message: expect.stringContaining("codemode auth web"),
    });
    expect(JSON.stringify(error)).not.toContain(tokens?.access_token);
  });
});

test("client credentials need nobody, and their secret is in no message", async () => {
  const oauth = { grant: "client_credentials", clientId: "robot" } as const;
  const options = { name: "web", url: server.url, vault };
  await withServer({ ...options, oauth: { ...oauth, clientSecret: "hush-hush" } }, async (call) => {
    // A token of the last moment is not asked for twice, so this is one that has been used for a while.
    await sleep(500);
    server.expireTokens();
    await Promise.all([call("cancelled"), call("cancelled"), call("cancelled")]);
  });
  expect(server.grants).toEqual(["client_credentials", "client_credentials"]);

  await using wrong = createMcpAdapter({
    ...options,
    oauth: { ...oauth, clientSecret: "wrong-secret" },
  });
  const error: unknown = await wrong.listTools(soon()).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: "AUTH_REQUIRED",
    message: expect.stringContaining("does not take its client credentials"),
  });
  expect(String(error)).not.toContain("wrong-secret");
});

test("a browser that does not know the login's state is not heard", async () => {
  const statuses: number[] = [];
  const done = await logInBy(async (url) => {
    const redirect = new URL(url.searchParams.get("redirect_uri") ?? "");
    redirect.search = "?code=stolen&state=guessed";
    statuses.push((await fetch(redirect)).status);
    statuses.push((await fetch(new URL("/", redirect))).status);
    await fetch(url);
  });

  expect(done).toBe(true);
  expect(statuses).toEqual([404, 404]);
});
