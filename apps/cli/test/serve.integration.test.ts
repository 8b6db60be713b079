import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, beforeEach, expect, test } from "vitest";

import { memory } from "./command.ts";

const home = fileURLToPath(new URL("..", import.meta.url));

let copy = "";
beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), "codemode-serve-"));
});
afterEach(() => rm(copy, { recursive: true }));

test("serve tells its clients the version of the installed package", async () => {
  const text = await readFile(join(home, "package.json"), "utf8");
  const manifest: object = JSON.parse(text);
  // A release differs from the sources by its version alone.
  await writeFile(join(copy, "package.json"), JSON.stringify({ ...manifest, version: "7.8.9" }));
  await cp(join(home, "src"), join(copy, "src"), { recursive: true });
  await symlink(join(home, "node_modules"), join(copy, "node_modules"));
  const client = new Client({ name: "test", version: "1.0.0" });
  const command = process.execPath;
  const args = [join(copy, "src/main.ts"), "serve"];

  await client.connect(new StdioClientTransport({ command, args, cwd: copy }));
  const told = client.getServerVersion();
  await client.close();

  expect(told).toMatchObject({ name: "codemode", version: "7.8.9" });
});

test("serve --http tells where it listens, answers there, and ends with code 0 on SIGTERM", async () => {
  const server = spawnServe(["--port", "0"]);
  const url = await server.url;
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const result = await client.callTool({ name: "execute_code", arguments: { code: "6 * 7" } });
  await client.close();
  server.child.kill("SIGTERM");

  expect(result).toMatchObject({ structuredContent: { ok: true, result: 42 } });
  expect(await server.exit).toBe(0);
});

test("serve --http refuses local-eval unless it is told to serve it", async () => {
  const file = join(copy, "codemode.config.json");
  await writeFile(file, JSON.stringify({ sandbox_variant: "local-eval" }));
  const refused = spawnServe(["--port", "0"]);
  const unsafe = { sandbox_variant: "local-eval", http: { allow_unsafe_sandbox: true, port: 0 } };
  expect(await refused.exit).toBe(2);
  expect(refused.log()).toContain("no security boundary: whoever reaches the server over HTTP");
  expect(refused.log()).toContain("http.allow_unsafe_sandbox");

  await writeFile(file, JSON.stringify(unsafe));
  const served = spawnServe(["--http"]);
  expect(await served.url).toMatch(/^http:/);
  served.child.kill("SIGTERM");
  expect(await served.exit).toBe(0);
});

interface Serving {
  readonly child: ReturnType<typeof spawn>;
  readonly url: Promise<string>;
  readonly exit: Promise<unknown>;
  readonly log: () => string;
}

function spawnServe(args: readonly string[]): Serving {
  const child = spawn(process.execPath, [join(home, "src/main.ts"), "serve", ...args], {
    cwd: copy,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { promise: url, resolve } = Promise.withResolvers<string>();
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
    const found = /listening on (\S+)/.exec(log)?.[1];
    if (found !== undefined) resolve(found);
  });
  const exit = once(child, "exit").then(([code]: unknown[]) => code);
  return { child, url, exit, log: () => log };
}

test("a client connects while a server is still starting, and its first call waits for that", async () => {
  const gate = `import { existsSync } from "node:fs";
    while (!existsSync("go")) await new Promise((done) => setTimeout(done, 20));
    await import(${JSON.stringify(pathToFileURL(memory).href)});`;
  await writeFile(join(copy, "gate.mjs"), gate);
  const slow = { command: process.execPath, args: ["gate.mjs"], cwd: copy };
  await writeFile(
    join(copy, "codemode.config.json"),
    JSON.stringify({ mcpServers: { slow: { ...slow, connect_timeout_ms: 60_000 } } }),
  );
  const client = new Client({ name: "test", version: "1.0.0" });
  const command = process.execPath;
  const args = [join(home, "src/main.ts"), "serve"];

  await client.connect(new StdioClientTransport({ command, args, cwd: copy }));
  const { tools } = await client.listTools();
  const calling = client.callTool({
    name: "execute_code",
    arguments: { code: "(await slow.read_graph()).entities.length" },
  });
  await writeFile(join(copy, "go"), "");
  const called = await calling;
  await client.close();

  expect(tools.map(({ name }) => name)).toContain("execute_code");
  expect(called).toMatchObject({ structuredContent: { ok: true, result: 0 } });
});
