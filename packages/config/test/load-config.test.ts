import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createSessionFromConfig, loadConfig } from "../src/index.ts";
import { folder, load, useFolder } from "./config-folder.ts";

useFolder();

test("without a file the defaults hold", async () => {
  expect(await loadConfig({ cwd: folder.path, env: {} })).toMatchObject({
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
  expect(await loadConfig({ cwd: folder.path, configPath: "other.yaml", env: {} })).toMatchObject({
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

test("a file that is asked for must be there", async () => {
  await expect(
    loadConfig({ cwd: folder.path, env: { CODEMODE_CONFIG: "gone.json" } }),
  ).rejects.toMatchObject({
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

  expect(config).toEqual(
    (await loadConfig({ cwd: join(folder.path, "elsewhere"), env: {} })).config,
  );
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

test.each([
  [{ maxToolCalls: 3 }, 'overrides: maxToolCalls: is no key here. Did you mean "max_tool_calls"?'],
  [{ max_tool_calls: -1 }, "overrides: max_tool_calls: "],
  [{ limits: { compute: 1 } }, "overrides: limits.compute: is no key here."],
])("the overrides %j are refused as the file's keys are", async (given, message) => {
  const overrides: object = given;
  const opening = createSessionFromConfig({ cwd: folder.path, env: {}, overrides });

  await expect(opening).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining(message),
  });
});

test("of two configs the one that is not read is told, unless one was asked for", async () => {
  await writeFile(join(folder.path, "codemode.config.json"), "{");
  const both = await load("codemode.config.jsonc", "{}");
  const named = await loadConfig({
    cwd: folder.path,
    env: {},
    configPath: "codemode.config.jsonc",
  });

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
