import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const leaky = fileURLToPath(
  new URL("../../../packages/adapter-mcp/test/fixtures/leaky-server.mjs", import.meta.url),
);
const SEED = "seed-of-the-variable-7f3a";

function codemode(args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, LEAKY_TOKEN: SEED };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd, env }, (error, stdout, stderr) =>
      resolve(`${error?.code ?? 0}\n${stdout}\n${stderr}`),
    );
  });
}

test("what a variable of the config stands for is in no output, whatever a server says", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "codemode-secrets-"));
  const server = { command: process.execPath, args: [leaky, "${LEAKY_TOKEN}"] };
  const ended = { ...server, env: { LEAK_MODE: "leaks-at-start", LEAK_A: "${LEAKY_TOKEN}" } };
  const mcpServers = { leaky: server, ended };
  await writeFile(join(cwd, "codemode.config.json"), JSON.stringify({ mcpServers }));
  const commands = [
    ["servers"],
    ["doctor", "--json"],
    ["tools", "--json"],
    ["call", "leaky.error"],
    ["call", "leaky.failing", "--json"],
    ["call", "leaky.crash"],
    ["run", "-c", "await leaky.structured({})"],
    ["run", "--json", "-c", "try { await leaky.crash({}) } catch (error) { console.log(error) }"],
  ];

  const outputs: string[] = [];
  // oxlint-disable-next-line no-await-in-loop -- each of them starts a program; all at once they are slower
  for (const command of commands) outputs.push(await codemode(command, cwd));
  await rm(cwd, { recursive: true });

  expect(outputs.filter((output) => output.includes(SEED))).toEqual([]);
  expect(outputs.filter((output) => output.includes("[secret]")).length).toBeGreaterThan(4);
});
