import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, beforeEach, expect, test } from "vitest";

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
