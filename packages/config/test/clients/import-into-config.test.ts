import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { ClientName } from "../../src/clients/client-files.ts";
import { importIntoConfig, loadConfig } from "../../src/index.ts";
import { makePlaces } from "./places.ts";

const claude = {
  mcpServers: {
    github: {
      command: "docker",
      args: [
        "run",
        "-i",
        "--rm",
        "-e",
        "GITHUB_PERSONAL_ACCESS_TOKEN=ghp_Abcdefghij1234567890",
        "x",
      ],
      env: { LOG_LEVEL: "debug", GITHUB_TOKEN: "ghp_Abcdefghij1234567890", MAX_TOKENS: "4096" },
    },
    files: { command: "npx", args: ["-y", "server-filesystem", "/data"] },
  },
};

interface Imported {
  readonly cwd: string;
  readonly text: string;
  readonly outcome: Awaited<ReturnType<typeof importIntoConfig>>;
}

async function importFrom(
  client: ClientName,
  files: Readonly<Record<string, unknown>>,
  config?: readonly [file: string, dryRun?: boolean],
): Promise<Imported> {
  const { cwd, home } = await makePlaces(files);
  const [file = "codemode.config.jsonc", dryRun = false] = config ?? [];
  const outcome = await importIntoConfig({ client, cwd, env: { HOME: home }, dryRun });
  const text = await readFile(join(cwd, file), "utf8").catch(() => "");
  return { cwd, text, outcome };
}

test("servers are added to a file whose comments stay; names that are there stay too", async () => {
  const config = `{
  // how programs run
  "sandbox_variant": "isolated-vm",
  "mcpServers": {
    // ours
    "files": { "command": "mine" }, // keep
  },
}
`;
  const { text, outcome } = await importFrom("claude-code", {
    "project/codemode.config.jsonc": config,
    "project/.mcp.json": claude,
  });

  expect(text).toContain("// how programs run");
  expect(text).toContain("// ours");
  expect(text).toContain('"files": { "command": "mine" }');
  expect(text).toContain("// keep");
  expect(outcome).toMatchObject({
    config: "codemode.config.jsonc",
    files: [".mcp.json"],
    written: ["github"],
    kept: ["files"],
  });
});

test("a secret becomes a variable, which is told; what is no secret stays", async () => {
  const { cwd, text, outcome } = await importFrom("claude-code", { "project/.mcp.json": claude });

  expect(text).not.toContain("ghp_");
  expect(outcome.secrets).toEqual([
    { server: "github", key: "env.GITHUB_TOKEN", variable: "GITHUB_TOKEN" },
    { server: "github", key: "args.4", variable: "GITHUB_PERSONAL_ACCESS_TOKEN" },
  ]);
  const env = { GITHUB_TOKEN: "a", GITHUB_PERSONAL_ACCESS_TOKEN: "b" };
  const { config } = await loadConfig({ cwd, env });
  expect(config.mcpServers).toEqual({
    github: {
      command: "docker",
      args: ["run", "-i", "--rm", "-e", "GITHUB_PERSONAL_ACCESS_TOKEN=b", "x"],
      env: { LOG_LEVEL: "debug", GITHUB_TOKEN: "a", MAX_TOKENS: "4096" },
    },
    files: { command: "npx", args: ["-y", "server-filesystem", "/data"] },
  });
});

test("secrets are found in headers, arguments and URLs; the same name for two values is two variables", async () => {
  const mcpServers = {
    "my web": {
      url: "https://me:pa55word@w.example/mcp?api_key=abcdef123&page=2",
      headers: {
        Authorization: "Bearer eyJhbGciOi.abcdef.ghi",
        "X-Api-Key": "kkkkkkkk",
        Accept: "x",
      },
    },
    zap: { url: "https://z.example/s/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRg/mcp" },
    db: {
      command: "pg",
      args: ["postgres://u:secret@h/db", "--token", "t0psecret", "--port", "80"],
    },
    one: {
      command: "a",
      env: { API_KEY: "first-value", KEY_FILE: "/run/key", SSH_KEY: "~/.ssh/id" },
    },
    two: { command: "b", env: { API_KEY: "second-value", KEPT: "${API_KEY}", PORT: "8080" } },
  };
  const { text, outcome } = await importFrom("mcporter", {
    "project/config/mcporter.json": { mcpServers },
  });

  expect(
    outcome.secrets.map(({ server, key, variable }) => `${server} ${key} ${variable}`),
  ).toEqual([
    "my web headers.Authorization MY_WEB_TOKEN",
    "my web headers.X-Api-Key MY_WEB_X_API_KEY",
    "my web url MY_WEB_PASSWORD",
    "my web url MY_WEB_API_KEY",
    "zap url ZAP_URL_KEY",
    "db args.0 DB_SECRET",
    "db args.2 DB_TOKEN",
    "one env.API_KEY API_KEY",
    "two env.API_KEY TWO_API_KEY",
  ]);
  expect(JSON.parse(text)).toEqual({
    mcpServers: {
      "my web": {
        url: "https://me:${MY_WEB_PASSWORD}@w.example/mcp?api_key=${MY_WEB_API_KEY}&page=2",
        headers: {
          Authorization: "Bearer ${MY_WEB_TOKEN}",
          "X-Api-Key": "${MY_WEB_X_API_KEY}",
          Accept: "x",
        },
      },
      zap: { url: "https://z.example/s/${ZAP_URL_KEY}/mcp" },
      db: { command: "pg", args: ["${DB_SECRET}", "--token", "${DB_TOKEN}", "--port", "80"] },
      one: {
        command: "a",
        env: { API_KEY: "${API_KEY}", KEY_FILE: "/run/key", SSH_KEY: "~/.ssh/id" },
      },
      two: { command: "b", env: { API_KEY: "${TWO_API_KEY}", KEPT: "${API_KEY}", PORT: "8080" } },
    },
  });
});

test("YAML keeps its comments", async () => {
  const { text } = await importFrom(
    "claude-code",
    {
      "project/codemode.config.yaml": "# mine\nmax_tool_calls: 5 # few\n",
      "project/.mcp.json": { mcpServers: { a: { command: "x", args: ["${B:-c}"] } } },
    },
    ["codemode.config.yaml"],
  );

  expect(text).toBe(
    "# mine\nmax_tool_calls: 5 # few\nmcpServers:\n  a:\n    command: x\n    args:\n      - ${B:-c}\n",
  );
});

test("folders of this machine do not get into the config", async () => {
  const { cwd, text } = await importFrom("cursor", {
    "project/.cursor/mcp.json": {
      mcpServers: { a: { command: "${userHome}/bin/a", args: ["${workspaceFolder}/src"] } },
    },
  });

  expect(text).toContain('"${HOME}/bin/a"');
  expect(text).toContain('"./src"');
  expect(text).not.toContain(cwd);
});

test("a dry run writes nothing, and says the same", async () => {
  const { text, outcome } = await importFrom("claude-code", { "project/.mcp.json": claude }, [
    "codemode.config.jsonc",
    true,
  ]);

  expect(text).toBe("");
  expect(outcome.written).toEqual(["github", "files"]);
  expect(outcome.secrets).toHaveLength(2);
});

test("a broken config is left as it is, and its line told", async () => {
  const { cwd, home } = await makePlaces({ "project/.mcp.json": claude });
  await writeFile(join(cwd, "codemode.config.json"), '{\n  "a": \n}');

  const importing = importIntoConfig({ client: "claude-code", cwd, env: { HOME: home } });

  await expect(importing).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(/^codemode\.config\.json:3: is not JSON here/),
  });
  expect(await readFile(join(cwd, "codemode.config.json"), "utf8")).toBe('{\n  "a": \n}');
});
