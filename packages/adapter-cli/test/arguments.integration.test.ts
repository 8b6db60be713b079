import { createToolRegistry } from "@codemode/core";
import { expect, test } from "vitest";

import type { CliAdapterOptions } from "../src/index.ts";
import { createCliAdapter } from "../src/index.ts";
import { argumentsOf } from "./run-cli.ts";

const NMAP = { args: "{flags} {target}" };

test("a template takes options by a placeholder of that name, one or many or none", async () => {
  const one = await argumentsOf(NMAP, { target: "10.0.0.1", flags: "-sV" });
  const many = await argumentsOf(NMAP, { target: "10.0.0.1", flags: ["-sV", "-p", "1-10"] });
  const none = await argumentsOf(NMAP, { target: "10.0.0.1" });

  expect([one, many, none]).toEqual([
    ["-sV", "10.0.0.1"],
    ["-sV", "-p", "1-10", "10.0.0.1"],
    ["10.0.0.1"],
  ]);
});

test("a placeholder fills in one argument, whatever is in its value", async () => {
  const evil = `a b; rm -rf / && $(id) \`id\` "x" 'y' | > < * ? \n \\ {target} %PATH% é 😀`;

  const alone = await argumentsOf(NMAP, { target: evil });
  const within = await argumentsOf({ args: `--to="{target}!" 'in {target}'` }, { target: evil });

  expect(alone).toEqual([evil]);
  expect(within).toEqual([`--to=${evil}!`, `in ${evil}`]);
});

test("a value that begins with a dash is refused where a command looks for options", async () => {
  const schema = {
    options: { out: { short: "o" } },
    positional: [{ name: "path", type: "array" as const }],
  };

  const attempts = [
    argumentsOf(NMAP, { target: "-oN/tmp/x" }),
    argumentsOf({ schema }, { path: ["ok", "--output=/tmp/x"] }),
    argumentsOf({ schema }, { out: "-x" }),
    argumentsOf({ args: "{a}{b}" }, { a: "", b: "-x" }),
    argumentsOf({ recipes: { r: {} }, schema }, { path: ["-"] }, "r"),
    argumentsOf({}, { list: ["-x"] }),
  ];

  for (const attempt of await Promise.allSettled(attempts)) {
    expect(attempt).toMatchObject({
      status: "rejected",
      reason: { code: "INVALID_ARGUMENTS", message: expect.stringContaining('begins with "-"') },
    });
  }
});

test("a value may begin with a dash behind --, in a joined option, and where the schema says raw", async () => {
  const schema: CliAdapterOptions["schema"] = {
    options: {
      message: { short: "m", joined: true },
      grep: { joined: true },
      limit: { type: "integer" },
      free: { short: "f", raw: true },
    },
    positional: [{ name: "path" }],
    endOfOptions: true,
  };

  const args = { message: "-a", grep: "-b", limit: -5, free: "-c", path: "-d" };
  const written = await argumentsOf({ schema }, args);
  const templated = await argumentsOf({ args: "-n {n} -- {path}" }, { n: "1", path: "-rf" });

  expect(written).toEqual(["-m-a", "--grep=-b", "--limit", "-5", "-f", "-c", "--", "-d"]);
  expect(templated).toEqual(["-n", "1", "--", "-rf"]);
});

const CURL: Partial<CliAdapterOptions> = {
  description: "Make HTTP requests",
  tags: ["http", "network"],
  schema: {
    options: {
      silent: { type: "boolean", short: "s", description: "Silent mode" },
      location: { type: "boolean", short: "L", description: "Follow redirects" },
      header: { type: "array", short: "H", description: "HTTP headers" },
      data: { type: "string", short: "d", description: "POST data" },
    },
    positional: [{ name: "url", type: "string", required: true, description: "URL to request" }],
  },
  recipes: {
    get: {
      description: "Simple GET request",
      preset: { silent: true, location: true },
      params: { url: {} },
    },
    post: {
      description: "POST request with data",
      preset: { silent: true, location: true },
      params: { url: {}, data: { default: "{}" } },
    },
    json: {
      preset: { silent: true, header: ["Accept: application/json"] },
      params: { url: {} },
    },
  },
};

test("a schema writes options in its order with their short forms, then what stands by its place", async () => {
  const args = {
    url: "https://example.com",
    header: ["A: 1", "B: 2"],
    silent: true,
    location: false,
  };

  const words = await argumentsOf(CURL, args);

  expect(words).toEqual(["-s", "-H", "A: 1", "-H", "B: 2", "https://example.com"]);
});

test("a recipe gives its preset and shows its params only", async () => {
  const url = "https://example.com";
  const get = await argumentsOf(CURL, { url }, "get");
  const post = await argumentsOf(CURL, { url }, "post");
  const json = await argumentsOf(CURL, { url }, "json");

  expect(get).toEqual(["-s", "-L", url]);
  expect(post).toEqual(["-s", "-L", "-d", "{}", url]);
  expect(json).toEqual(["-s", "-H", "Accept: application/json", url]);
  await expect(argumentsOf(CURL, { url, silent: false }, "get")).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message: expect.stringContaining('"silent": no such parameter'),
  });
  await expect(argumentsOf(CURL, {}, "get")).rejects.toMatchObject({
    message: expect.stringContaining('"url" is required'),
  });
});

test("the catalog has the types, tags and annotations of every tool", async () => {
  await using registry = createToolRegistry();
  registry.addAdapter(
    createCliAdapter({
      ...CURL,
      name: "web",
      command: "node",
      annotations: { openWorldHint: true },
    }),
  );
  await registry.discoverAll();

  expect(registry.listNames().names).toEqual(["web.get", "web.json", "web.post", "web.web"]);
  expect(registry.get("web.get")).toMatchObject({
    description: "Simple GET request. Runs web: Make HTTP requests",
    inputSchema: {
      properties: { url: { type: "string", description: "URL to request" } },
      required: ["url"],
      additionalProperties: false,
    },
    outputSchema: { type: "string" },
    tags: ["http", "network"],
    annotations: { openWorldHint: true },
  });
});

test("a command of which nothing is said takes options by name", async () => {
  const words = await argumentsOf({}, { all: true, not: false, depth: 2, of: "-x", rest: ["a"] });

  expect(words).toEqual(["--all", "--depth=2", "--of=-x", "a"]);
  await expect(argumentsOf({}, { "x=1 --y": "1" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
  });
});

test("arguments of the wrong type are refused, all of them in one message", async () => {
  const schema: CliAdapterOptions["schema"] = {
    options: {
      n: { type: "integer", minimum: 1 },
      kind: { enum: ["a", "b"] },
      on: { type: "boolean" },
    },
  };

  const call = argumentsOf({ schema }, { n: 0, kind: "c", on: "yes", knd: 1 });

  await expect(call).rejects.toMatchObject({
    code: "INVALID_ARGUMENTS",
    message:
      'Wrong arguments for "echo.echo": "knd": no such parameter. Did you mean "kind"?; n: must be at least 1; kind: must be one of "a", "b"; on: must be true or false.',
  });
});

test("a NUL, half a character and an argument that is too long are typed errors", async () => {
  const attempts = ["a\0b", "\uD800", "x".repeat(200_000)].map((target) =>
    argumentsOf(NMAP, { target }),
  );
  const many = argumentsOf(
    { args: "{all}", params: { all: { type: "array" } } },
    {
      all: Array.from({ length: 60 }, () => "x".repeat(120_000)),
    },
  );

  for (const attempt of await Promise.allSettled([...attempts, many])) {
    expect(attempt).toMatchObject({ status: "rejected", reason: { code: "INVALID_ARGUMENTS" } });
  }
});

test("an option and its value in one text are refused with the list to give", async () => {
  const call = argumentsOf(NMAP, { target: "x", flags: "-p 80" });

  await expect(call).rejects.toMatchObject({
    message: expect.stringContaining('give a list, as ["-p","80"]'),
  });
});
