import { sep } from "node:path";

import { expect, test } from "vitest";

import { importAll, makePlaces } from "./places.ts";

test("Cursor: its variables, an env file, folders; comments and trailing commas", async () => {
  const places = await makePlaces(
    {
      "project/.cursor/mcp.json": `{
        // the team's
        "mcpServers": {
          "py": {
            "command": "\${workspaceFolder}\${/}bin\${pathSeparator}py",
            "args": ["\${workspaceFolderBasename}", "\${userHome}/x", "\${env:PORT}", "\${env:UNSET}", "\${OTHER}"],
            "envFile": "\${workspaceFolder}/.env",
            "env": { "LATER": "wins" },
          },
        },
      }`,
      "project/.env": "API_KEY=from-file\nLATER=loses\nODD='${NOT_OURS}'\n",
      "home/.cursor/mcp.json": {
        mcpServers: {
          linear: {
            url: "https://mcp.linear.app/sse",
            auth: { CLIENT_ID: "x", scopes: ["read", "write"] },
          },
        },
      },
    },
    { PORT: "99" },
  );

  const { servers, told } = await importAll(places, "cursor");

  expect(servers).toEqual({
    py: {
      command: `${places.cwd}${sep}bin${sep}py`,
      args: ["project", `${places.home}/x`, "99", "", "${OTHER}"],
      env: { API_KEY: "from-file", LATER: "wins", ODD: "${NOT_OURS}" },
    },
    linear: {
      url: "https://mcp.linear.app/sse",
      oauth: { client_id: "x", scope: "read write" },
    },
  });
  expect(told).toEqual([]);
});

test("VS Code: `servers`, and what a person is asked for is a variable", async () => {
  const files = {
    "project/.vscode/mcp.json": {
      inputs: [{ type: "promptString", id: "perplexity-key", description: "key", password: true }],
      servers: {
        perplexity: {
          type: "stdio",
          command: "npx",
          args: ["-y", "server-perplexity-ask"],
          env: { PERPLEXITY_API_KEY: "${input:perplexity-key}" },
        },
      },
    },
    "home/.config/Code/User/mcp.json": {
      servers: { fetch: { command: "uvx", args: ["mcp-server-fetch"], dev: { watch: "x" } } },
    },
    "home/.copilot/mcp-config.json": {
      mcpServers: { play: { type: "local", command: "npx", args: ["playwright"], tools: ["*"] } },
    },
  };

  const set = await importAll(await makePlaces(files, { PERPLEXITY_KEY: "pplx-1" }), "vscode");
  const unset = await importAll(await makePlaces(files), "vscode");

  expect(set.servers).toEqual({
    perplexity: {
      command: "npx",
      args: ["-y", "server-perplexity-ask"],
      env: { PERPLEXITY_API_KEY: "pplx-1" },
    },
    fetch: { command: "uvx", args: ["mcp-server-fetch"] },
    play: { command: "npx", args: ["playwright"] },
  });
  expect(Object.keys(unset.servers)).toEqual(["fetch", "play"]);
  expect(unset.told).toEqual([
    '.vscode/mcp.json:11: server "perplexity" is not imported: variable PERPLEXITY_KEY is not set (its client asks a person for it); set it, or write the server into "mcpServers".',
  ]);
});

test("Windsurf and mcporter: serverUrl, baseUrl, a command as a line, $env:", async () => {
  const places = await makePlaces(
    {
      "home/.codeium/windsurf/mcp_config.json": {
        mcpServers: { figma: { serverUrl: "https://f.example/mcp", headers: { A: "${env:A}" } } },
      },
      "project/config/mcporter.json": {
        mcpServers: {
          line: { command: "npx -y 'my server' --name \"a b\"", env: { T: "$env:A" } },
          web: {
            baseUrl: "https://w.example/mcp",
            bearerTokenEnv: "A",
            auth: "oauth",
            blockedTools: ["b"],
          },
        },
        imports: [],
      },
    },
    { A: "a1" },
  );

  const { servers, told } = await importAll(places, "windsurf", "mcporter");

  expect({ servers, told }).toEqual({
    servers: {
      figma: { url: "https://f.example/mcp", headers: { A: "a1" } },
      line: { command: "npx", args: ["-y", "my server", "--name", "a b"], env: { T: "a1" } },
      web: {
        url: "https://w.example/mcp",
        headers: { Authorization: "Bearer a1" },
        exclude_tools: ["b"],
      },
    },
    told: [],
  });
});
