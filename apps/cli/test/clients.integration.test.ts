import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home and a project in it; both begin empty. */
async function makeHome() {
  const home = await mkdtemp(join(tmpdir(), "codemode-clients-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const cwd = join(home, "project");
  await mkdir(cwd);
  const codemode = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    new Promise<Outcome>((resolve) => {
      const options = { cwd, env: { PATH: process.env["PATH"], HOME: home, ...env } };
      execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      );
    });
  return { home, cwd, codemode };
}

test("init, import: the servers stand in the config, secrets are variables that are named", async () => {
  const { home, cwd, codemode } = await makeHome();
  const claude = {
    mcpServers: { gh: { command: "gh-mcp", env: { GITHUB_TOKEN: "ghp_0123456789abcdef" } } },
  };
  await writeFile(join(home, ".claude.json"), JSON.stringify(claude));
  await codemode(["init"]);
  const before = await readFile(join(cwd, "codemode.config.jsonc"), "utf8");

  const dry = await codemode(["import", "claude-code", "--dry-run"]);
  const unchanged = await readFile(join(cwd, "codemode.config.jsonc"), "utf8");
  const done = await codemode(["import", "claude-code"]);
  const again = await codemode(["import", "claude-code", "--json"]);
  const listed = await codemode(["servers"]);

  const after = await readFile(join(cwd, "codemode.config.jsonc"), "utf8");
  expect(unchanged).toBe(before);
  expect(dry.stdout).toContain("would add gh\n");
  expect(done).toMatchObject({
    code: 0,
    stdout: [
      "read ~/.claude.json",
      "added gh",
      "secret gh env.GITHUB_TOKEN: ${GITHUB_TOKEN} stands in its place; set GITHUB_TOKEN",
      "wrote codemode.config.jsonc\n",
    ].join("\n"),
  });
  expect(after).toContain('"GITHUB_TOKEN": "${GITHUB_TOKEN}"');
  expect(after).toContain("// Where programs run.");
  expect(JSON.parse(again.stdout)).toMatchObject({ written: [], kept: ["gh"], secrets: [] });
  expect(listed.stderr).toContain(
    "mcpServers.gh.env.GITHUB_TOKEN: variable GITHUB_TOKEN is not set",
  );
  const outputs = [dry, done, again, listed].map(({ stdout, stderr }) => stdout + stderr).join("");
  expect(outputs).not.toContain("ghp_");
});

test("install: what is written is a server that a client can start from anywhere", async () => {
  const { home, cwd, codemode } = await makeHome();
  await writeFile(join(cwd, "codemode.config.json"), '{ "max_tool_calls": 3 }');

  const { code, stdout } = await codemode(["install", "cursor"]);
  const again = await codemode(["install", "cursor"]);

  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("wrote ~/.cursor/mcp.json"),
  });
  expect(again.stdout).toBe("~/.cursor/mcp.json has codemode already\n");
  const { mcpServers } = JSON.parse(await readFile(join(home, ".cursor/mcp.json"), "utf8"));
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StdioClientTransport({ ...mcpServers.codemode, cwd: tmpdir() }));
  const { tools } = await client.listTools();
  await client.close();
  expect(tools.map(({ name }) => name)).toContain("execute_code");
});

test("install --project: a command that is not on the path is told", async () => {
  const { codemode } = await makeHome();

  const { code, stderr } = await codemode(["install", "codex", "--project"], { PATH: "/nowhere" });

  expect(code).toBe(0);
  expect(stderr).toContain("note: codemode is not on the PATH here");
});

test("install --project: nothing of this machine is in the file", async () => {
  const { cwd, codemode } = await makeHome();

  const { stderr } = await codemode(["install", "claude-code", "--project"]);

  const written = JSON.parse(await readFile(join(cwd, ".mcp.json"), "utf8"));
  expect(written).toEqual({
    mcpServers: { codemode: { type: "stdio", command: "codemode", args: ["serve"] } },
  });
  expect(stderr).toContain("there is no config here");
});

test("a client that is not known is told with those that are", async () => {
  const { codemode } = await makeHome();

  const { code, stderr } = await codemode(["import", "claud-code"]);

  expect(code).toBe(2);
  expect(stderr).toContain('Client "claud-code" is not known. Did you mean "claude-code"?');
});

test("imports in the config are servers; a broken file of a client is one note", async () => {
  const { home, cwd, codemode } = await makeHome();
  await writeFile(join(cwd, "codemode.config.json"), '{ "imports": ["cursor", "windsurf"] }');
  await mkdir(join(home, ".cursor"));
  await writeFile(
    join(home, ".cursor/mcp.json"),
    '{ "mcpServers": { "a": { "command": "no-such" } } }',
  );
  await mkdir(join(home, ".codeium/windsurf"), { recursive: true });
  await writeFile(join(home, ".codeium/windsurf/mcp_config.json"), "{\n]");

  const { stdout, stderr } = await codemode(["servers"]);

  expect(stdout).toMatch(/^a {2}stdio {2}failed/);
  expect(stderr.match(/^note: .*/gm)).toEqual([
    expect.stringContaining("~/.codeium/windsurf/mcp_config.json:2: is not JSON here"),
  ]);
});
