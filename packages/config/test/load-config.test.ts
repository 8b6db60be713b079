import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { loadConfig } from "../src/index.ts";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "codemode-config-"));
});
afterEach(() => rm(cwd, { recursive: true }));

const load = async (file: string, text: string, env: Record<string, string> = {}) => {
  await writeFile(join(cwd, file), text);
  return loadConfig({ cwd, env });
};

test("without a file the defaults hold", async () => {
  expect(await loadConfig({ cwd, env: {} })).toMatchObject({
    config: { sandbox_variant: "isolated-vm", default_timeout: 30, mcpServers: {} },
  });
});

test("comments, trailing commas and YAML are read", async () => {
  const jsonc = await load("codemode.config.jsonc", '{ // mine\n "max_tool_calls": 5, }');
  const yaml = await load(
    "other.yaml",
    "sandbox_variant: Isolated_VM\nmcpServers:\n  files:\n    command: files\n",
  );

  expect(jsonc.config.max_tool_calls).toBe(5);
  expect(yaml.config.max_tool_calls).toBe(5);
  expect(await loadConfig({ cwd, configPath: "other.yaml", env: {} })).toMatchObject({
    file: "other.yaml",
    config: { sandbox_variant: "isolated-vm", mcpServers: { files: { command: "files" } } },
  });
});

test("a client's own config can be pasted; its other keys are told and ignored", async () => {
  const { config, diagnostics } = await load(
    "codemode.config.json",
    '{ "mcpServers": { "a": { "type": "stdio", "command": "a", "autoApprove": ["x"], "timeout": 5 }, "b": { "type": "http", "url": "https://b.example/mcp" } } }',
  );

  expect(Object.keys(config.mcpServers)).toEqual(["a", "b"]);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringContaining('"autoApprove" of server "a"'),
    expect.stringContaining('Use "timeout_ms"'),
  ]);
});

test("variables are filled in, with defaults and an escape", async () => {
  const { config } = await load(
    "codemode.config.jsonc",
    '{ "mcpServers": { "a": { "command": "a", "args": ["${NAME}", "${NONE:-plain}", "${EMPTY:-filled}", "$${NAME}"] } } }',
    { NAME: "value", EMPTY: "" },
  );

  expect(config.mcpServers["a"]?.args).toEqual(["value", "plain", "filled", "${NAME}"]);
});

test("an unset variable is named with key and line", async () => {
  const loading = load(
    "codemode.config.jsonc",
    '{\n "mcpServers": {\n  "web": { "url": "https://x.example", "headers": { "Authorization": "Bearer ${WEB_TOKEN}" } } } }',
  );

  await expect(loading).rejects.toMatchObject({
    code: "VARIABLE_UNSET",
    message:
      "codemode.config.jsonc:3: mcpServers.web.headers.Authorization: variable WEB_TOKEN is not set. Set it, or write ${WEB_TOKEN:-default}",
  });
});

test("every problem is listed at once, with line, key and the nearest name", async () => {
  const loading = load(
    "codemode.config.jsonc",
    '{\n "sandbox_varient": "x",\n "max_tool_calls": "many",\n "mcpServers": {\n  "a": { "comand": "a" },\n  "b": { "url": "nonsense" } } }',
  );

  await expect(loading).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  const message = await loading.catch((error: unknown) =>
    error instanceof Error ? error.message : "",
  );
  expect(message).toContain(
    'codemode.config.jsonc:2: sandbox_varient: is no key here. Did you mean "sandbox_variant"?',
  );
  expect(message).toContain("codemode.config.jsonc:3: max_tool_calls: ");
  expect(message).toContain(
    'codemode.config.jsonc:5: mcpServers.a.comand: is no key here. Did you mean "command"?',
  );
  expect(message).toContain("codemode.config.jsonc:6: mcpServers.b.url: ");
});

test.each([
  [
    "codemode.config.jsonc",
    '{ "max_tool_calls": 5\n "x": }',
    "codemode.config.jsonc:2: is not JSON here",
  ],
  ["codemode.config.yaml", "a: [1\nb: 2", "codemode.config.yaml:"],
  ["codemode.config.jsonc", '{ "sandbox_variant": "docker-ish" }', "sandbox_variant: "],
  [
    "codemode.config.jsonc",
    '{ "mcpServers": { "a": {} } }',
    'needs a "command" to start or a "url" to reach',
  ],
  [
    "codemode.config.jsonc",
    '{ "mcpServers": { "a": { "command": "x", "url": "https://a.example" } } }',
    'has both "command" and "url"',
  ],
  ["codemode.config.jsonc", "[]", "codemode.config.jsonc"],
])("%s with %j says what is wrong", async (file, text, part) => {
  await expect(load(file, text)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining(part),
  });
});

test("a file that is asked for must be there", async () => {
  await expect(loadConfig({ cwd, env: { CODEMODE_CONFIG: "gone.json" } })).rejects.toMatchObject({
    code: "CONFIG_NOT_FOUND",
    message: expect.stringContaining('"gone.json"'),
  });
});
