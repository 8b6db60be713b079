import { expect, test } from "vitest";

import { load, useFolder } from "./config-folder.ts";

useFolder();

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

test("a name is that of one server only", async () => {
  const loading = load(
    "codemode.config.jsonc",
    '{ "mcpServers": { "pets": { "command": "pets" } },\n "openapi": { "pets": { "spec": "a" } } }',
  );
  await expect(loading).rejects.toThrow(
    'codemode.config.jsonc:2: openapi.pets: is the name of a server in "mcpServers" too. Give it another one',
  );
});

test("an unknown sandbox is told with all else that is wrong", async () => {
  const loading = load(
    "codemode.config.json",
    '{ "sandbox_variant": "dokcer", "max_tool_calls": "5" }',
  );

  await expect(loading).rejects.toThrow(/max_tool_calls: must be a number[\s\S]*"dokcer"/);
});
