import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createSessionFromConfig, loadConfig } from "../src/index.ts";

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
  expect(message).toMatch(/^(?:.+\n){3}.+$/);
});

test.each([
  [
    "codemode.config.jsonc",
    '{ "max_tool_calls": 5\n "x": }',
    'codemode.config.jsonc:2: is not JSON here (column 2): a "," is missing before this',
  ],
  [
    "codemode.config.jsonc",
    '{ "mcpServers": {\n "a": { "command": "x" },, } }',
    "codemode.config.jsonc:2: is not JSON here (column 26): a key in double quotes is missing, or a comma before this is one too many",
  ],
  [
    "codemode.config.jsonc",
    '{ "mcpServers": {\n "a": { "command": "x" } }\n',
    'codemode.config.jsonc:3: is not JSON here (column 1): a "}" is missing',
  ],
  ["codemode.config.yaml", "a: [1\nb: 2", "codemode.config.yaml:"],
  [
    "codemode.config.yaml",
    "max_tool_calls: 1\nmcpServers: *servers\n",
    'codemode.config.yaml:2: has the alias "*servers" without "&servers" above it',
  ],
  [
    "codemode.config.yaml",
    "limits: &all\n  compute_ms: *all\n",
    'codemode.config.yaml:2: has the alias "*all" inside what it stands for',
  ],
  [
    "codemode.config.yaml",
    `a: &a [x, x]\nb: &b [${"*a,".repeat(12)}]\nc: &c [${"*b,".repeat(12)}]\nd: [${"*c,".repeat(12)}]`,
    "codemode.config.yaml: has aliases that unfold to too much",
  ],
  [
    "codemode.config.yaml",
    "max_tool_calls: 1\nmax_tool_calls: 2\n",
    "codemode.config.yaml:2: has a key that is given already",
  ],
  [
    "codemode.config.jsonc",
    '{\n "max_tool_calls": 1,\n "prewarm": 0,\n "max_tool_calls": 2 }',
    "codemode.config.jsonc:4: max_tool_calls: is given already in line 2; keep one",
  ],
  [
    "codemode.config.jsonc",
    '{ "mcpServers": {\n "a": { "command": "x" },\n "a": { "command": "y" } } }',
    "codemode.config.jsonc:3: mcpServers.a: is given already in line 2; keep one",
  ],
  ["codemode.config.jsonc", "}", "codemode.config.jsonc:1: is not JSON here"],
  [
    "codemode.config.jsonc",
    '{ "docker": { "base_imgae": "x" } }',
    'docker.base_imgae: is no key here. Did you mean "base_image"?',
  ],
  [
    "codemode.config.jsonc",
    '{ "http": { "address": "x" } }',
    "http.address: is no key here. There are host, port, path, token,",
  ],
  [
    "codemode.config.jsonc",
    '{ "sandbox_variant": "podman" }',
    'sandbox_variant: There is no sandbox variant "podman". There is: isolated-vm, docker, local-eval.',
  ],
  [
    "codemode.config.jsonc",
    '{ "sandbox_variant": "Isolated" }',
    'There is no sandbox variant "Isolated". Did you mean "isolated-vm"? There is: isolated-vm, docker, local-eval.',
  ],
  [
    "codemode.config.jsonc",
    '{ "sandbox_variant": 5 }',
    "sandbox_variant: must be the name of a sandbox variant. There is: isolated-vm, docker, local-eval.",
  ],
  [
    "codemode.config.jsonc",
    '{ "mcpServers": { "a": { "command": "x", "autoAprove": [] } } }',
    'mcpServers.a.autoAprove: is no key here. Did you mean "autoApprove"?',
  ],
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

test.each([
  ["codemode.config.jsonc", ""],
  ["codemode.config.jsonc", "\uFEFF\n"],
  ["codemode.config.jsonc", "// nothing yet\n/* and here */\n"],
  ["codemode.config.yaml", "# nothing yet\n"],
])("%s with only %j gives the defaults", async (file, text) => {
  const { config } = await load(file, text);

  expect(config).toEqual((await loadConfig({ cwd: join(cwd, "elsewhere"), env: {} })).config);
});

test("a server that is not enabled is a disabled one", async () => {
  const { config, diagnostics } = await load(
    "codemode.config.jsonc",
    '{ "mcpServers": { "off": { "command": "a", "enabled": false }, "on": { "command": "b", "enabled": true } } }',
  );

  expect(config.mcpServers).toEqual({
    off: { command: "a", disabled: true },
    on: { command: "b" },
  });
  expect(diagnostics).toEqual([]);
});

test("a misspelt command is one problem, a missing one beside another unknown key is two", async () => {
  const misspelt = load("codemode.config.jsonc", '{ "mcpServers": { "a": { "comand": "x" } } }');
  await expect(misspelt).rejects.toMatchObject({
    message:
      'codemode.config.jsonc:1: mcpServers.a.comand: is no key here. Did you mean "command"?',
  });

  const missing = load("codemode.config.jsonc", '{ "mcpServers": { "a": { "colour": "x" } } }');
  await expect(missing).rejects.toMatchObject({
    message:
      "codemode.config.jsonc:1: mcpServers.a.colour: is no key here.\n" +
      'codemode.config.jsonc:1: mcpServers.a: needs a "command" to start or a "url" to reach',
  });
});

test("services are read with variables, and their mistakes told with line and nearest name", async () => {
  const { config, secrets } = await load(
    "codemode.config.jsonc",
    '{ "openapi": { "pets": { "spec": "./pets.yaml", "auth": { "key": "${KEY}", "oauth": { "client_id": "me", "client_secret": "${SECRET}" } } } } }',
    { KEY: "key-value", SECRET: "secret-value" },
  );
  expect(config.openapi["pets"]).toEqual({
    spec: "./pets.yaml",
    auth: { key: "key-value", oauth: { client_id: "me", client_secret: "secret-value" } },
  });
  expect(secrets.get("pets")).toEqual(["key-value", "secret-value"]);

  const loading = load(
    "codemode.config.jsonc",
    '{ "mcpServers": { "pets": { "command": "pets" } },\n "openapi": { "pets": { "spec": "a" },\n "b": { "spec": "b", "base_ulr": "http://b", "retries": -1, "include": [{}],\n "auth": { "key": { "token": "a" } } },\n "c": {} } }',
  );
  await expect(loading).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    details: expect.arrayContaining([
      { line: 3, key: "openapi.b.base_ulr", message: 'is no key here. Did you mean "base_url"?' },
      { line: 3, key: "openapi.b.include.0", message: expect.stringContaining("names nothing") },
      { line: 3, key: "openapi.b.retries", message: "must be at least 0" },
      { line: 4, key: "openapi.b.auth.key", message: expect.stringContaining('"client_id"') },
      { line: 5, key: "openapi.c.spec", message: "is missing" },
    ]),
  });
});

test("a name is that of one server only", async () => {
  const loading = load(
    "codemode.config.jsonc",
    '{ "mcpServers": { "pets": { "command": "pets" } },\n "openapi": { "pets": { "spec": "a" } } }',
  );
  await expect(loading).rejects.toThrow(
    'codemode.config.jsonc:2: openapi.pets: is the name of a server in "mcpServers" too. Give it another one',
  );
});

test.each([
  [{ maxToolCalls: 3 }, 'overrides: maxToolCalls: is no key here. Did you mean "max_tool_calls"?'],
  [{ max_tool_calls: -1 }, "overrides: max_tool_calls: "],
  [{ limits: { compute: 1 } }, "overrides: limits.compute: is no key here."],
])("the overrides %j are refused as the file's keys are", async (given, message) => {
  const overrides: object = given;
  const opening = createSessionFromConfig({ cwd, env: {}, overrides });

  await expect(opening).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining(message),
  });
});

test("of two configs the one that is not read is told, unless one was asked for", async () => {
  await writeFile(join(cwd, "codemode.config.json"), "{");
  const both = await load("codemode.config.jsonc", "{}");
  const named = await loadConfig({ cwd, env: {}, configPath: "codemode.config.jsonc" });

  expect(both.diagnostics).toMatchObject([
    {
      code: "CONFIG_SHADOWED",
      message: expect.stringContaining(
        "codemode.config.json is not read: codemode.config.jsonc goes before it.",
      ),
    },
  ]);
  expect(named.diagnostics).toEqual([]);
});

test("an unknown sandbox is told with all else that is wrong", async () => {
  const loading = load(
    "codemode.config.json",
    '{ "sandbox_variant": "dokcer", "max_tool_calls": "5" }',
  );

  await expect(loading).rejects.toThrow(/max_tool_calls: must be a number[\s\S]*"dokcer"/);
});
