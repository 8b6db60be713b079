import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let cwd = "";
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-doctor-"));
  await mkdir(join(cwd, "damaged/build/Release"), { recursive: true });
  await writeFile(
    join(cwd, "damaged/build/Release/isolated_vm.node"),
    "this is no library, though as long as one may be",
  );
  await writeFile(join(cwd, "occupied"), "a file where a folder should be");
  await writeFile(join(cwd, "eval.json"), JSON.stringify({ sandbox_variant: "local-eval" }));
  await writeFile(
    join(cwd, "occupied.json"),
    JSON.stringify({ sandbox_variant: "local-eval", workspace_path: "./occupied/workspace" }),
  );
  await writeFile(join(cwd, "gone.json"), JSON.stringify({ sandbox_variant: "./gone.ts" }));
  await writeFile(
    join(cwd, "redis.json"),
    JSON.stringify({ storage: { type: "redis", url: "redis://me:hidden-word@127.0.0.1:1" } }),
  );
  await writeFile(
    join(cwd, "server.json"),
    JSON.stringify({ mcpServers: { files: { command: "no-such-command" } } }),
  );
});
afterAll(() => rm(cwd, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; `env` is added to the variables. */
function codemode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env } };
    execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

// What decides which build is looked for, as node-gyp-build reads it.
const intelMac = { npm_config_platform: "darwin", npm_config_arch: "x64" };

test.each([
  [
    "a platform without a build of the addon",
    { args: ["doctor"], env: intelMac },
    /FAILED sandbox isolated-vm: .* no build for Node \S+ on darwin-x64\.\n +Compile it with .*docker/,
  ],
  [
    "a workspace that cannot be made",
    { args: ["doctor", "--config", "occupied.json"], env: {} },
    /FAILED sandbox local-eval: .* its workspace cannot be made \(ENOTDIR\)\..*\n +\S/,
  ],
  [
    "a module that is not there",
    { args: ["doctor", "--config", "gone.json"], env: {} },
    /FAILED sandbox: .*"\.\/gone\.ts" is not there.*\n +Correct sandbox_variant/,
  ],
  [
    "a storage that nobody runs",
    { args: ["doctor", "--config", "redis.json"], env: {} },
    /FAILED storage redis at 127\.0\.0\.1:1: .*ECONNREFUSED.*\n +Correct "storage" in the config/,
  ],
  [
    "a server that does not start",
    { args: ["doctor", "--config", "server.json"], env: {} },
    /ok +sandbox isolated-vm: runs programs\n(.*\n)*FAILED server files: .*no-such-command.*\n +Correct "mcpServers\.files"/,
  ],
])("%s is named with the next step, and the code is 3", async (_what, { args, env }, told) => {
  const { code, stdout } = await codemode(args, env);

  expect(stdout).toMatch(told);
  expect(stdout).toMatch(/^ok {4} node: v/);
  expect(code).toBe(3);
});

test("an addon that does not load is told of by doctor and by the first program", async () => {
  const env = { ISOLATED_VM_PREBUILD: join(cwd, "damaged") };

  const doctor = await codemode(["doctor"], env);
  const ran = await codemode(["run", "-c", "1", "--json"], env);

  expect(doctor).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(
      /FAILED sandbox isolated-vm: .* damaged or for another processor\.\n +Remove node_modules/,
    ),
  });
  expect(ran.code).toBe(3);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    ok: false,
    error: {
      code: "SANDBOX_UNAVAILABLE",
      message: expect.stringMatching(/damaged or for another processor\. Remove node_modules/),
    },
  });
  expect(doctor.stdout + ran.stdout).not.toContain(cwd);
});

test("local-eval is no security boundary: doctor says so, and every run, once", async () => {
  const doctor = await codemode(["doctor", "--sandbox", "local-eval"]);
  const ran = await codemode(["run", "--config", "eval.json", "-c", "1", "-c", "2"]);

  expect(doctor.code).toBe(0);
  expect(doctor.stdout).toContain("sandbox local-eval: runs programs");
  expect(doctor.stdout.match(/no security boundary/g)).toHaveLength(1);
  expect(ran).toMatchObject({ code: 0, stdout: "2\n" });
  expect(ran.stderr.match(/no security boundary/g)).toHaveLength(1);
});

const memory = fileURLToPath(
  new URL("../node_modules/@modelcontextprotocol/server-memory/dist/index.js", import.meta.url),
);

test("of a server the transport, the revision, times, tools and the size of its definitions are told", async () => {
  const home = await mkdtemp(join(tmpdir(), "codemode-doctor-home-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const claude = { mcpServers: { ghost: { command: "no-such-command" } } };
  await writeFile(join(home, ".claude.json"), JSON.stringify(claude));
  const config = join(home, "config.json");
  const mcpServers = { memory: { command: process.execPath, args: [memory] } };
  await writeFile(config, JSON.stringify({ mcpServers, imports: ["claude-code"] }));

  const { code, stdout } = await codemode(["doctor", "--config", config, "--json"], { HOME: home });
  const text = await codemode(["doctor", "--config", config], { HOME: home });

  const { checks }: { checks: readonly { name: string }[] } = JSON.parse(stdout);
  expect(code).toBe(3);
  expect(checks.find(({ name }) => name === "server memory")).toMatchObject({
    ok: true,
    server: {
      transport: "stdio",
      protocol: "2025-11-25",
      era: "legacy",
      listedMs: expect.any(Number),
      latencyMs: expect.any(Number),
      tools: expect.any(Number),
      definitionTokens: expect.any(Number),
      problems: [],
    },
  });
  expect(checks.find(({ name }) => name === "server ghost")).toMatchObject({
    ok: false,
    remedy:
      'Correct "ghost" in ~/.claude.json, or write one of this name into "mcpServers": it wins.',
    server: { transport: "stdio", tools: 0 },
  });
  expect(text.stdout).toMatch(
    /ok +server memory: stdio, protocol 2025-11-25 \(legacy\), listed in \d+ ms, answers in \d+ ms, [1-9]\d* tools, about \d+ tokens of definitions\n/,
  );
});

test("each kind of server that fails is told where it is to be corrected", async () => {
  const home = await mkdtemp(join(tmpdir(), "codemode-doctor-kinds-"));
  onTestFinished(() => rm(home, { recursive: true }));
  await mkdir(join(home, "tools"));
  await writeFile(join(home, "tools/file.yaml"), "name: file\ncommand: no-such-command\n");
  const settings = {
    mcpServers: { toString: { command: "no-such-command" } },
    openapi: { pets: { spec: "missing.json" } },
    cli: { cmd: { command: "no-such-command" } },
    utcp: {
      manual_call_templates: [{ name: "manual", call_template_type: "file", file_path: "x" }],
    },
  };
  await writeFile(join(home, "config.json"), JSON.stringify(settings));

  const { stdout } = await codemode(["doctor", "--config", join(home, "config.json"), "--json"]);

  const { checks }: { checks: readonly { name: string; remedy?: string }[] } = JSON.parse(stdout);
  const remedies = checks.filter(({ name }) => name.startsWith("server "));
  expect(Object.fromEntries(remedies.map(({ name, remedy }) => [name, remedy]))).toEqual({
    "server cmd": 'Correct "cli.cmd" in the config, or take it out.',
    "server file": "Correct it in its tool file, or take that out.",
    "server manual": 'Correct manual "manual" in the UTCP configuration, or take it out.',
    "server pets": 'Correct "openapi.pets" in the config, or take it out.',
    "server toString":
      'Correct "mcpServers.toString" in the config, or leave it out with "disabled": true.',
  });
});

test("every failed check of a document says what to do", async () => {
  const { stdout } = await codemode(["doctor", "--json", "--config", "server.json"], intelMac);

  const { checks }: { checks: readonly { ok: boolean; remedy?: string }[] } = JSON.parse(stdout);
  const failed = checks.filter(({ ok }) => !ok);
  expect(failed).toHaveLength(2);
  expect(failed.every(({ remedy = "" }) => remedy.length > 20)).toBe(true);
});
