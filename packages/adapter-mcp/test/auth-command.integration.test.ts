import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { ProtectedServer } from "./fixtures/authorization-server.ts";
import { startProtectedServer } from "./fixtures/authorization-server.ts";

const cli = fileURLToPath(new URL("../../../apps/cli/src/main.ts", import.meta.url));

let server: ProtectedServer;
let cwd = "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-test-"));
  server = await startProtectedServer();
  const mcpServers = { web: { url: server.url }, local: { command: "none" } };
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify({ mcpServers }));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true });
});

/** Runs the command line; a page that it asks to be opened is opened. */
async function run(...args: readonly string[]) {
  const env = { ...process.env, XDG_CONFIG_HOME: join(cwd, "config") };
  const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: "pipe" });
  let err = "";
  let opened: string | undefined;
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
    // A line may come in parts.
    const page = /^ {2}(http\S+authorize\S+)\n/m.exec(err)?.[1];
    if (page === undefined || page === opened) return;
    opened = page;
    void fetch(page);
  });
  const out = await text(child.stdout);
  const code = child.exitCode ?? (await new Promise((resolve) => child.once("exit", resolve)));
  return { code, out, err };
}

test("a person logs in and out by command, and programs have the tools meanwhile", async () => {
  const before = await run("call", "web.cancelled");
  expect(before).toMatchObject({ code: 3 });
  expect(before.err).toContain("Run: codemode auth web");

  expect(await run("auth", "web")).toMatchObject({ code: 0, out: 'Logged in to "web".\n' });
  expect(await run("call", "web.cancelled")).toMatchObject({ code: 0, out: "[]\n" });
  expect(await run("auth", "web", "--logout", "--json")).toMatchObject({
    code: 0,
    out: '{"ok":true,"server":"web","loggedOut":true}\n',
  });
  expect(await run("call", "web.cancelled")).toMatchObject({ code: 3 });
});

test("what cannot be logged in to is told", async () => {
  const unknown = await run("auth", "wbe");
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.err).toContain('Did you mean "web"?');
  const local = await run("auth", "local");
  expect(local).toMatchObject({ code: 2 });
  expect(local.err).toContain("is a command");
});
