import type { ToolDefinition } from "@codemode/core";
import { assert, array, property, string } from "fast-check";
import { expect, test } from "vitest";

import { createToolIndex } from "../src/index.ts";

function tool(
  canonicalName: string,
  description: string,
  extra: Partial<ToolDefinition> = {},
): ToolDefinition {
  const [server = "", name = ""] = canonicalName.split(".");
  return {
    server,
    name,
    canonicalName,
    description,
    inputSchema: { type: "object" },
    inputExamples: [],
    deferLoading: false,
    annotations: {},
    tags: [],
    meta: {},
    ...extra,
  };
}

const tools = [
  tool("filesystem.read_text_file", "Reads the contents of a file as text."),
  tool("filesystem.write_file", "Creates or overwrites a file with new content."),
  tool("filesystem.list_directory", "Lists the entries of a folder."),
  tool("github.create_issue", "Creates an issue in a repository.", {
    inputSchema: {
      type: "object",
      properties: { assignee: { type: "string", description: "Login." } },
    },
  }),
  tool("github.listPullRequests", "Lists pull requests.", { deferLoading: true }),
  tool("weather.get_forecast", "The weather of the coming days."),
];
const index = createToolIndex(tools, {
  serverDescriptions: new Map([["github", "Code hosting."]]),
});

test.each([
  ["read a file", "filesystem.read_text_file"],
  ["show the folder", "filesystem.list_directory"],
  ["open a ticket in a repo", "github.create_issue"],
  ["list pull requests", "github.listPullRequests"],
  ["temperature tomorrow", "weather.get_forecast"],
  ["forcast", "weather.get_forecast"],
  ["assignee", "github.create_issue"],
  ["github.create_issue", "github.create_issue"],
  ["WRITE_FILE", "filesystem.write_file"],
])("%j finds %s first", (query, name) => {
  expect(index.search(query).hits[0]?.tool.canonicalName).toBe(name);
});

test("several phrasings are one search", () => {
  const { hits } = index.search(["overwrite", "save content to disk"]);

  expect(hits[0]?.tool.canonicalName).toBe("filesystem.write_file");
});

test("a search can be kept to a server, capped, and leave deferred tools out", () => {
  expect(index.search("list", { server: "github" }).hits.map((hit) => hit.tool.server)).toEqual([
    "github",
  ]);
  expect(index.search("list", { limit: 1 })).toMatchObject({ hits: [{}], total: 2 });
  expect(index.search("pull requests", { includeDeferred: false }).hits).toEqual([]);
});

test("what nothing knows is named, and confidence says how well the rest fits", () => {
  expect(index.search("quantum entanglement")).toEqual({
    hits: [],
    total: 0,
    confidence: "none",
    unmatched: ["quantum", "entangl"],
  });
  expect(index.search("read file").confidence).toBe("high");
  expect(index.search("zzz qqq xxx file").confidence).toBe("low");
});

test("equal scores stand in order of name", () => {
  const twins = createToolIndex([tool("b.same", "Same."), tool("a.same", "Same.")]);

  expect(twins.search("same thing").hits.map((hit) => hit.tool.canonicalName)).toEqual([
    "a.same",
    "b.same",
  ]);
});

test("no query makes it throw", () => {
  assert(
    property(array(string({ unit: "binary", maxLength: 300 }), { maxLength: 4 }), (queries) => {
      const { hits, total } = index.search(queries);
      expect(hits.length).toBeLessThanOrEqual(total);
    }),
  );
  expect(createToolIndex([]).search("anything").confidence).toBe("none");
});
