import { expect, test } from "vitest";

import { importAll, makePlaces } from "./places.ts";

test("Claude Code: this project's own servers, then .mcp.json, then everybody's; ${VAR:-default}", async () => {
  const places = await makePlaces(
    {
      "home/.claude.json": {
        numStartups: 12,
        mcpServers: {
          github: {
            type: "http",
            url: "https://api.example.com/mcp/",
            headers: { Authorization: "Bearer ${GH_PAT}" },
          },
          both: { command: "from-user" },
        },
        projects: {
          PROJECT: { mcpServers: { both: { command: "from-local" } } },
          "/somewhere/else": { mcpServers: { stranger: { command: "no" } } },
        },
      },
      "project/.mcp.json": {
        mcpServers: {
          both: { command: "from-project" },
          db: {
            type: "stdio",
            command: "${BIN:-npx}",
            args: ["-y", "db-server", "$HOME"],
            env: { LEVEL: "${LEVEL:-warn}" },
            timeout: 60000,
          },
          live: { type: "ws", url: "ws://localhost:1" },
          unset: { command: "x", args: ["${NOT_THERE}"] },
        },
      },
    },
    { GH_PAT: "ghp_123456789" },
  );

  const { servers, files, told } = await importAll(places, "claude-code");

  expect(servers).toEqual({
    github: {
      type: "http",
      url: "https://api.example.com/mcp/",
      headers: { Authorization: "Bearer ghp_123456789" },
    },
    both: { command: "from-local" },
    db: {
      command: "npx",
      args: ["-y", "db-server", "$HOME"],
      env: { LEVEL: "warn" },
      timeout_ms: 60_000,
    },
  });
  expect(files).toMatchObject({ both: "~/.claude.json", db: ".mcp.json" });
  expect(told).toEqual([
    '.mcp.json:19: server "live" is not imported: WebSockets are not spoken here.',
    '.mcp.json:23: server "unset" is not imported: variable NOT_THERE is not set; set it, or write the server into "mcpServers".',
  ]);
});

test.each([
  ["darwin", "home/Library/Application Support/Claude/claude_desktop_config.json"],
  ["win32", "home/AppData/Roaming/Claude/claude_desktop_config.json"],
  ["linux", "home/.config/Claude/claude_desktop_config.json"],
] as const)("Claude Desktop on %s has its own folder, and no variables", async (platform, path) => {
  const mcpServers = {
    fs: {
      command: "npx",
      args: ["-y", "@modelcontextprotocol/server-filesystem", "/data/${NAME}", "a$${b}"],
    },
  };
  const places = await makePlaces({ [path]: { mcpServers } }, { NAME: "filled" }, platform);

  const { servers, told } = await importAll(places, "claude-desktop");

  expect({ servers, told }).toEqual({ servers: mcpServers, told: [] });
});

test("Codex: TOML, variables by name, seconds", async () => {
  const places = await makePlaces(
    {
      "home/.codex/config.toml": `
model = "gpt-5"

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs"]
env_vars = ["DOCS_TOKEN", "UNSET_ONE", { name = "ORG", source = "local" }, { name = "FIGMA", source = "remote" }]
startup_timeout_sec = 20
tool_timeout_sec = 45.5
disabled_tools = ["drop"]

[mcp_servers.docs.env]
MODE = "\${fast}"

[mcp_servers."figma.com"]
url = "https://mcp.figma.com/mcp"
bearer_token_env_var = "FIGMA"
http_headers = { "X-Region" = "us" }
env_http_headers = { "X-Org" = "ORG", "X-None" = "UNSET_ONE" }

[mcp_servers.off]
command = "off"
enabled = false
`,
    },
    { DOCS_TOKEN: "tok", FIGMA: "fig", ORG: "acme" },
  );

  const { servers, told } = await importAll(places, "codex");

  expect(servers).toEqual({
    docs: {
      command: "npx",
      args: ["-y", "docs"],
      env: { DOCS_TOKEN: "tok", ORG: "acme", MODE: "${fast}" },
      connect_timeout_ms: 20_000,
      timeout_ms: 45_500,
      exclude_tools: ["drop"],
    },
    "figma.com": {
      url: "https://mcp.figma.com/mcp",
      headers: { "X-Region": "us", "X-Org": "acme", Authorization: "Bearer fig" },
    },
  });
  expect(told).toEqual([]);
});

test("Gemini: url is SSE and httpUrl is not; $VAR; servers that are not allowed stay out", async () => {
  const places = await makePlaces(
    {
      "home/.gemini/settings.json": {
        theme: "dark",
        mcp: { excluded: ["blocked"] },
        mcpServers: {
          old: { url: "http://localhost:1/sse", timeout: 5000, trust: true, includeTools: ["a"] },
          new: {
            httpUrl: "http://localhost:2/mcp",
            headers: { "X-Key": "$KEY-1", "X-All": "${KEY}" },
          },
          blocked: { command: "no" },
        },
      },
    },
    { KEY: "k" },
  );

  const { servers, told } = await importAll(places, "gemini");

  expect({ servers, told }).toEqual({
    servers: {
      old: { type: "sse", url: "http://localhost:1/sse", timeout_ms: 5_000, include_tools: ["a"] },
      new: {
        type: "http",
        url: "http://localhost:2/mcp",
        headers: { "X-Key": "k-1", "X-All": "k" },
      },
    },
    told: [],
  });
});

test("opencode: one list for command and arguments, {env:} and {file:}", async () => {
  const places = await makePlaces(
    {
      "project/opencode.jsonc": `{ /* ours */ "$schema": "https://opencode.ai/config.json", "mcp": {
        "local": { "type": "local", "command": ["bun", "x", "srv"], "environment": { "K": "{env:K}", "F": "{file:secret.txt}" } },
        "off": { "type": "local", "command": ["x"], "enabled": false },
        "web": { "type": "remote", "url": "https://e.example/mcp", "headers": { "A": "Bearer {env:NONE}" }, "timeout": 9000 },
      } }`,
      "project/secret.txt": "from file ${x}\n",
    },
    { K: "v" },
  );

  const { servers, told } = await importAll(places, "opencode");

  expect({ servers, told }).toEqual({
    servers: {
      local: { command: "bun", args: ["x", "srv"], env: { K: "v", F: "from file ${x}" } },
      web: { url: "https://e.example/mcp", headers: { A: "Bearer " }, connect_timeout_ms: 9_000 },
    },
    told: [],
  });
});
