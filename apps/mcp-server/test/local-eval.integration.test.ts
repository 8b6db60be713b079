import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let cwd = "";
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-eval-server-"));
  await writeFile(
    join(cwd, "codemode.config.json"),
    JSON.stringify({ sandbox_variant: "local-eval" }),
  );
});
afterAll(() => rm(cwd, { recursive: true }));

test("with local-eval the client's instructions and the log say that there is no security boundary", async () => {
  const client = new Client({ name: "test", version: "1.0.0" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main],
    cwd,
    stderr: "pipe",
  });
  let log = "";
  transport.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  await client.connect(transport);
  const instructions = client.getInstructions();
  await client.close();

  expect(instructions).toContain("A program has Node's own modules too.");
  expect(instructions).toContain("no security boundary");
  expect(instructions).not.toContain("There is no network");
  expect(log).toContain('sandbox_variant "local-eval" is no security boundary');
});
