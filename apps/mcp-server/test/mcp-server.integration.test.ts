import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const entry = (server: string): string =>
  join(
    dirname(require.resolve(`@modelcontextprotocol/server-${server}/package.json`)),
    "dist/index.js",
  );
const bin = (name: string) =>
  fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

let cwd = "";
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-server-"));
  const compiled = { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "" };
  const memory = {
    command: process.execPath,
    args: [entry("memory")],
    env: { MEMORY_FILE_PATH: join(cwd, "memory.jsonl"), ...compiled },
  };
  const files = {
    command: process.execPath,
    args: [entry("filesystem"), "."],
    cwd,
    env: compiled,
  };
  await writeFile(
    join(cwd, "codemode.config.json"),
    JSON.stringify({ mcpServers: { memory, files } }),
  );
  await writeFile(
    join(cwd, "clients.json"),
    JSON.stringify({ mcpServers: { codemode: { command: process.execPath, args: [main], cwd } } }),
  );
});
afterAll(() => rm(cwd, { recursive: true }));

const code =
  'await memory.create_entities({ entities: [{ name: "Ada", entityType: "person", observations: ["wrote programs"] }] });\n' +
  'const { entities } = await memory.search_nodes({ query: "Ada" });\n' +
  "entities.map((entity) => entity.name)";
const names = [
  "execute_code",
  "get_tool_details",
  "list_servers",
  "list_tool_names",
  "read_artifact",
  "search_tools",
];

test("a client of the first generation lists and calls our tools, and the session goes on", async () => {
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main], cwd }));

  const { tools } = await client.listTools();
  const ran = await client.callTool({
    name: "execute_code",
    arguments: {
      code: `const found = await (async () => { ${code.replace("entities.map", "return entities.map")} })(); found`,
    },
  });
  const again = await client.callTool({
    name: "execute_code",
    arguments: { code: "found.length" },
  });
  const failed = await client.callTool({
    name: "execute_code",
    arguments: { code: "await memory.nothing({})" },
  });
  const instructions = client.getInstructions();
  await client.close();

  expect(tools.map((tool) => tool.name)).toEqual(names);
  expect(ran.structuredContent).toMatchObject({ ok: true, result: ["Ada"] });
  expect(ran.content).toEqual([{ type: "text", text: JSON.stringify(ran.structuredContent) }]);
  expect(again.structuredContent).toMatchObject({ ok: true, result: 1 });
  expect(failed).toMatchObject({
    isError: true,
    structuredContent: { error: { code: "TOOL_NOT_FOUND" } },
  });
  expect(instructions).toContain("Servers: memory, files.");
});

test("a client of the second generation gets logs as progress, and can cancel", async () => {
  const client = new ModernClient(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: "auto" } },
  );
  await client.connect(new ModernTransport({ command: process.execPath, args: [main], cwd }));
  const progress: unknown[] = [];
  const failing = "await memory.open_nodes({ names: 1 }).catch(() => 0)";
  // The client drops progress that it reads in one breath with the result.
  const settle = "await new Promise((done) => setTimeout(done, 1_500))";

  const ran = await client.callTool(
    {
      name: "execute_code",
      arguments: { code: `console.log("half way"); ${failing}; ${settle}; 1` },
    },
    { onprogress: ({ message }) => progress.push(message) },
  );
  const cancelled = client.callTool(
    {
      name: "execute_code",
      arguments: { code: "await new Promise((done) => setTimeout(done, 60_000))" },
    },
    { signal: AbortSignal.timeout(500) },
  );
  await expect(cancelled).rejects.toThrow("abort");
  const after = await client.callTool({ name: "execute_code", arguments: { code: "2" } });
  await client.close();

  expect(ran.structuredContent).toMatchObject({ ok: true, result: 1, logs: ["half way"] });
  expect(progress).toEqual(["half way", "memory.open_nodes ...", "memory.open_nodes failed"]);
  expect(after.structuredContent).toMatchObject({ ok: true, result: 2 });
});

// Its own store for secrets needs a desktop's key ring, which a test has not.
const inspectorEnv = { ...process.env, MCP_INSPECTOR_SECRET_STORE: "memory" };

function inspect(...args: readonly string[]) {
  const config = join(cwd, "clients.json");
  const all = ["--cli", "--config", config, "--server", "codemode", ...args];
  return run(bin("mcp-inspector"), all, { cwd, env: inspectorEnv });
}

interface McpCommandLine {
  readonly name: string;
  readonly list: () => Promise<{ stdout: string }>;
  readonly call: (tool: string, args: Record<string, unknown>) => Promise<{ stdout: string }>;
}

const inspector: McpCommandLine = {
  name: "the Inspector's command line",
  list: () => inspect("--method", "tools/list"),
  call: (tool, args) =>
    inspect(
      "--method",
      "tools/call",
      "--tool-name",
      tool,
      ...Object.entries(args).flatMap(([key, value]) => [
        "--tool-arg",
        `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
      ]),
    ),
};

const mcporterConfig = () => ["--config", join(cwd, "clients.json")];
const mcporter: McpCommandLine = {
  name: "mcporter",
  list: () => run(bin("mcporter"), [...mcporterConfig(), "list", "codemode"], { cwd }),
  call: (tool, args) => {
    const call = ["call", `codemode.${tool}`, "--args", JSON.stringify(args)];
    return run(bin("mcporter"), [...mcporterConfig(), ...call], { cwd });
  },
};

// Each of them starts the server anew for every call.
test.each([inspector, mcporter])(
  "$name lists the tools, finds one of either server, reads its types and runs a program with both",
  async ({ list, call }) => {
    const program =
      'const made = await files.create_directory({ path: "notes" }); ' +
      "const { entities } = await memory.read_graph({}); [JSON.stringify(made).length > 0, entities.length >= 0]";

    const [listed, found, described, ran] = await Promise.all([
      list(),
      call("search_tools", { query: "create a directory" }),
      call("get_tool_details", { names: ["files.create_directory", "memory.search_nodes"] }),
      call("execute_code", { code: program }),
    ]);

    expect(names.filter((name) => !listed.stdout.includes(name))).toEqual([]);
    expect(found.stdout).toContain("files.create_directory");
    expect(described.stdout).toContain("create_directory(");
    expect(described.stdout).toContain("search_nodes(");
    expect(ran.stdout.replaceAll(/[\s\\]/g, "")).toContain('"result":[true,true]');
  },
  300_000,
);

test("a wrong config ends the server with one message and nothing on standard output", async () => {
  const started = run(process.execPath, [main, "--config", "gone.json"], { cwd });

  await expect(started).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining('There is no config file at "gone.json"'),
  });
});

test("a client that reads no more ends the server, without a word", async () => {
  const server = spawn(process.execPath, [main], { cwd });
  let stderr = "";
  server.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const send = (message: object) =>
    server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1.0.0" },
  };

  send({ id: 0, method: "initialize", params });
  await once(server.stdout, "data");
  server.stdout.destroy();
  for (let id = 1; id <= 40; id += 1) send({ id, method: "tools/list" });
  const [exitCode] = await once(server, "exit");

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("the version is the package's, on the command line and for a client", async () => {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  const { version }: { version: string } = JSON.parse(text);
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [main], cwd }));
  const told = client.getServerVersion();
  await client.close();

  expect(await run(process.execPath, [main, "--version"])).toEqual({
    stdout: `${version}\n`,
    stderr: "",
  });
  expect(told).toMatchObject({ name: "codemode", version });
});

test.each([["--nothing"], ["surplus"]])("the wrong option %j is a usage error", async (option) => {
  await expect(run(process.execPath, [main, option], { cwd })).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("error: "),
  });
});
