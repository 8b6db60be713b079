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
    unmatched: ["quantum", "entanglement"],
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

test.each([
  "translate a file to French",
  "read my gmail inbox and tag it",
  "send a fax to the tax office",
  "order a pizza with a forecast of delivery",
])("%j, which no tool does, is no sure find", (query) => {
  expect(index.search(query).confidence).not.toBe("high");
});

test("words that every tool has make no sure find", () => {
  const accounts = createToolIndex(
    ["name", "age", "address", "phone", "avatar", "role", "language", "plan", "theme"].map((part) =>
      tool(`accounts.get_${part}`, `Gets the ${part} of an account.`),
    ),
  );

  expect(accounts.search("get the account passport").confidence).toBe("low");
  expect(accounts.search("get the account avatar").confidence).toBe("high");
});

test.each([
  "create an issue about the broken build in the repository",
  "weather forcast",
  "read text file",
])("%j is a sure find", (query) => {
  expect(index.search(query).confidence).toBe("high");
});

test("a name inside a longer query stands above what the other words say", () => {
  const { hits, confidence } = index.search(
    "read the file, show the folder, then githubCreateIssue(...) and mcp__weather__get_forecast",
    { limit: 2 },
  );

  expect(hits.map((hit) => hit.tool.canonicalName).toSorted()).toEqual([
    "github.create_issue",
    "weather.get_forecast",
  ]);
  expect(confidence).toBe("high");
});

test("a word of plain language is no name", () => {
  const { hits } = createToolIndex([
    tool("a.read", "Reads a mailbox."),
    tool("b.read_text", "Reads the text of a file."),
  ]).search("read the text of a file");

  expect(hits[0]?.tool.canonicalName).toBe("b.read_text");
});

test.each([
  [Number.NaN, 8],
  [undefined, 8],
  [-1, 1],
  [0, 1],
  [2.9, 2],
  [Number.NEGATIVE_INFINITY, 1],
  [Number.POSITIVE_INFINITY, 50],
])("a limit of %d gives %d of many", (limit, count) => {
  const many = createToolIndex(
    Array.from({ length: 60 }, (_, number) => tool(`many.read_${number}`, "Reads.")),
  );

  expect(many.search("read", limit === undefined ? {} : { limit }).hits).toHaveLength(count);
});

// As a caller without types may give it.
function searchUntyped(query: unknown, options: unknown): { readonly total: unknown } {
  return Reflect.apply(Reflect.get(index, "search"), index, [query, options]);
}

test.each([null, undefined, 5, {}, [null, 5], Symbol("read")])(
  "a query that is no text finds nothing and does not throw: %o",
  (query) => {
    expect(searchUntyped(query, null)).toEqual({
      hits: [],
      total: 0,
      confidence: "none",
      unmatched: [],
    });
  },
);

test("a phrasing that is no text is passed over", () => {
  expect(searchUntyped([null, "folder", 5], undefined)).toMatchObject({ total: 1 });
});

test("thousands of unknown words are answered as fast as a few", () => {
  const words = Array.from({ length: 20_000 }, (_, number) => `word${toLetters(number)}`);
  const big = createToolIndex(
    Array.from({ length: 1_000 }, (_, number) =>
      tool(`big.tool_${number}`, words.slice(number * 20, number * 20 + 20).join(" ")),
    ),
  );
  const hostile = words.map((word) => `${word}qq`);
  const start = process.threadCpuUsage();
  for (let round = 0; round < 5; round += 1) big.search([hostile.join(" "), ...hostile]);

  // About 2 ms each; comparing every unknown word with every known one takes a second. Of the
  // processor's time, since others want it too.
  const { user, system } = process.threadCpuUsage(start);
  expect((user + system) / 1_000).toBeLessThan(2_000);
});

function toLetters(number: number): string {
  return number.toString(26).replaceAll(/\d/g, (digit) => "qrstuvwxyz".charAt(Number(digit)));
}
