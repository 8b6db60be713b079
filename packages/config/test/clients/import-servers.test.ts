import { expect, test } from "vitest";

import { CLIENT_NAMES } from "../../src/clients/client-files.ts";
import { importServers } from "../../src/clients/import-servers.ts";
import { importAll, makePlaces } from "./places.ts";

test("files that are not there are silent; a broken one is one line with its place, and stops no other", async () => {
  const nothing = await importAll(await makePlaces({}), ...CLIENT_NAMES);
  const broken = await importAll(
    await makePlaces({
      "project/.mcp.json": '{\n  "mcpServers": {\n    "a": { "command": "x" ]\n  }\n}',
      "home/.codex/config.toml": "[mcp_servers.a]\ncommand = x\n",
      "home/.cursor/mcp.json": { mcpServers: { fine: { command: "y" }, odd: "z" } },
    }),
    ...CLIENT_NAMES,
  );

  expect(nothing).toEqual({ servers: {}, files: {}, told: [] });
  expect(Object.keys(broken.servers)).toEqual(["fine"]);
  expect(broken.told).toEqual([
    expect.stringMatching(/^\.mcp\.json:3: is not JSON here .*None of its servers is imported\.$/),
    '~/.cursor/mcp.json:6: server "odd" is not imported: it is no object.',
    "~/.codex/config.toml:2: is not TOML here. None of its servers is imported.",
  ]);
});

test.each([
  ["[]", ".mcp.json: it is no object, so there is no server to import. Correct it."],
  [
    '{ "mcpServers": [] }',
    '.mcp.json: "mcpServers" is no object, so there is no server to import. Correct it.',
  ],
  [
    '{ "mcpServers": { "a": { "command": "x" },\n "a": { "command": "y" } } }',
    ".mcp.json:2: mcpServers.a: is given already in line 1; keep one. None of its servers is imported.",
  ],
])("a file of the wrong shape is one line: %s", async (text, line) => {
  const { servers, told } = await importAll(
    await makePlaces({ "project/.mcp.json": text }),
    "claude-code",
  );

  expect({ servers, told }).toEqual({ servers: {}, told: [line] });
});

test.each([
  { command: "codemode", args: ["serve"] },
  { command: "/opt/bin/codemode.cmd" },
  { command: "npx", args: ["-y", "@codemode/cli", "serve"] },
  { command: "cmd", args: ["/c", "npx @codemode/cli serve"] },
  { command: "npx", args: ["-y", "codemode@1.2.3", "serve"] },
  { command: "/usr/bin/node", args: ["/x/node_modules/@codemode/cli/dist/main.js", "serve"] },
  { command: "node", args: ["--no-warnings", "/x/apps/cli/src/main.ts", "serve"] },
])("codemode itself is never imported: $command $args", async (entry) => {
  const places = await makePlaces({
    "project/.mcp.json": {
      mcpServers: {
        renamed: entry,
        files: { command: "npx", args: ["server-filesystem", "/home/me/codemode"] },
      },
    },
  });

  const { servers, told } = await importAll(places, "claude-code");

  expect(Object.keys(servers)).toEqual(["files"]);
  expect(told).toEqual([]);
});

test("the first client that has a name wins, and names that are taken stay out", async () => {
  const places = await makePlaces({
    "project/.cursor/mcp.json": {
      mcpServers: { a: { command: "cursor" }, own: { command: "cursor" } },
    },
    "project/.gemini/settings.json": {
      mcpServers: { a: { command: "gemini" }, b: { command: "gemini" } },
    },
  });

  const { servers } = await importServers(["cursor", "gemini"], places, new Set(["own"]));

  expect(Object.fromEntries(servers)).toEqual({
    a: { command: "cursor" },
    b: { command: "gemini" },
  });
});
