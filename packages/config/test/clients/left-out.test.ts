import { join } from "node:path";

import { expect, test } from "vitest";

import { importAll, makePlaces } from "./places.ts";

function serversOf(...names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { command: name }]));
}

test("Claude Code: what a person switched off or did not agree to stays out", async () => {
  const places = await makePlaces({
    "home/.claude.json": {
      mcpServers: serversOf("kept", "off", "refused-here", "refused-in-settings"),
      projects: {
        PROJECT: { disabledMcpServers: ["off"], disabledMcpjsonServers: ["refused-here"] },
      },
    },
    "home/.claude/settings.json": { disabledMcpjsonServers: ["refused-in-settings"] },
    "project/.claude/settings.local.json": `{ "disabledMcpjsonServers": ["refused-by-me"], // mine\n }`,
    "project/.mcp.json": {
      mcpServers: serversOf(
        "off",
        "refused-here",
        "refused-in-settings",
        "refused-by-me",
        "agreed",
      ),
    },
  });

  const { servers: found, files } = await importAll(places, "claude-code");

  expect(Object.keys(found)).toEqual(["agreed", "kept", "refused-here", "refused-in-settings"]);
  // Those of `.mcp.json` were refused, not the person's own of the same names.
  expect(files).toMatchObject({ "refused-here": "~/.claude.json", agreed: ".mcp.json" });
});

test("VS Code: what only the editor or a person knows, and an unknown transport, cost one server each", async () => {
  const copilot = {
    "copilot/mcp-config.json": { mcpServers: { cop: { type: "local", command: "c" } } },
  };
  const places = await makePlaces({
    "project/.vscode/mcp.json": `\uFEFF{
      "inputs": [
        { "type": "pickString", "id": "my-region", "options": ["eu", "us"], "default": "eu" },
        { "type": "promptString", "id": "token", "password": true },
      ],
      "servers": {
        "asked": { "command": "a", "args": ["\${input:my-region}"] },
        "secret": { "command": "a", "args": ["\${input:token}"] },
        "config": { "command": "\${config:python.path}", "args": ["\${command:pick.port}"] },
        "pigeon": { "type": "carrier-pigeon", "url": "https://example.com/mcp" },
        "stream": { "type": "streamableHttp", "url": "https://example.com/mcp" },
      },
    }`,
    ...Object.fromEntries(Object.entries(copilot).map(([name, file]) => [`home/${name}`, file])),
  });
  const env = { COPILOT_HOME: join(places.home, "copilot") };

  const { servers, told } = await importAll({ ...places, env }, "vscode");

  expect(servers).toEqual({
    asked: { command: "a", args: ["eu"] },
    stream: { type: "http", url: "https://example.com/mcp" },
    cop: { command: "c" },
  });
  expect(told).toEqual([
    '.vscode/mcp.json:9: server "config" is not imported: its client alone knows what ${command:pick.port}, ${config:python.path} is; write the server into "mcpServers".',
    '.vscode/mcp.json:10: server "pigeon" is not imported: its type "carrier-pigeon" is none of stdio, http and sse.',
    '.vscode/mcp.json:8: server "secret" is not imported: variable TOKEN is not set (its client asks a person for it); set it, or write the server into "mcpServers".',
  ]);
});
