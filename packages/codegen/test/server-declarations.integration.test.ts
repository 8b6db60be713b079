import { tmpdir } from "node:os";

import type { BoundServer } from "@codemode/core";
import { beforeAll, expect, test } from "vitest";

import { bindingModule, serverDeclarations, toolDeclaration, toolSignature } from "../src/index.ts";
import type { ToolSketch } from "./support/bound-tools.ts";
import { boundServer } from "./support/bound-tools.ts";
import { compile } from "./support/compile.ts";
import { listTools } from "./support/list-tools.ts";

let filesystem: BoundServer;
let memory: BoundServer;
let everything: BoundServer;

beforeAll(async () => {
  const [files, graph, all] = await Promise.all([
    listTools("@modelcontextprotocol/server-filesystem", [tmpdir()]),
    listTools("@modelcontextprotocol/server-memory"),
    listTools("@modelcontextprotocol/server-everything", ["stdio"]),
  ]);
  filesystem = boundServer("filesystem", files);
  memory = boundServer("memory", graph);
  everything = boundServer("everything", all);
});

/** Tools of names that no program can write. */
const AWKWARD_NAMES = (
  "export resolve-library-id 2fa then await default class constructor __proto__ raw Promise Array " +
  "Tool ToolResult $ _ get-issue get_issue get.issue admin.users.get admin.fetch admin.delete a.type await.b été 日本語 名前 tool-名 a/b"
).split(" ");

test("the bindings of real servers compile without a diagnostic", async () => {
  const servers = [filesystem, memory, everything];
  for (const server of servers) expect(server.tools.length).toBeGreaterThanOrEqual(9);
  const files = new Map<string, string>();
  for (const server of servers) addBindings(files, server);
  expect(await compile(files)).toEqual([]);
});

test("each declaration and each signature of a real tool compiles alone", async () => {
  const files = new Map<string, string>();
  for (const server of [filesystem, memory, everything]) {
    for (const tool of server.tools) {
      const name = `${server.identifier}.${tool.identifier}`;
      files.set(`${name}.d.ts`, `${toolDeclaration(server, tool)}export {};\n`);
      const signature = toolSignature(server, tool).slice(server.identifier.length + 1);
      files.set(`${name}.signature.d.ts`, `export declare function ${signature};\n`);
    }
  }
  expect(files.size).toBeGreaterThan(60);
  expect(await compile(files)).toEqual([]);
});

test("a program can use what it reads of real tools, and its mistakes are found", async () => {
  const files = new Map<string, string>();
  addBindings(files, filesystem);
  addBindings(files, memory);
  addBindings(files, everything);
  files.set(
    "program.ts",
    [
      'import { read_text_file, list_directory } from "./filesystem.js";',
      'import { create_entities, read_graph } from "./memory.js";',
      'import { get_sum, get_structured_content } from "./everything.js";',
      'const file = await read_text_file({ path: "a.txt", head: 3 });',
      "const text: string = file.content;",
      'await list_directory({ path: "." });',
      'await create_entities({ entities: [{ name: "n", entityType: "t", observations: [text] }] });',
      "const graph = await read_graph({});",
      "const names: string[] = graph.entities.map((entity) => entity.name);",
      "await get_sum({ a: names.length, b: 2 });",
      'const weather = await get_structured_content({ location: "Chicago" });',
      "const degrees: number = weather.temperature;",
      "export const all = [names, degrees];",
    ].join("\n"),
  );
  files.set(
    "mistakes.ts",
    [
      'import { read_text_file } from "./filesystem.js";',
      'import { get_sum } from "./everything.js";',
      'await read_text_file({ file: "a.txt" });',
      "await get_sum({ a: 1 });",
      'await get_sum({ a: 1, b: "2" });',
      'export const n: number = (await read_text_file({ path: "a" })).content;',
    ].join("\n"),
  );
  const errors = await compile(files);
  expect(errors.map(({ file, line }) => `${file}:${line}`)).toEqual(
    [3, 4, 5, 6].map((line) => `mistakes.ts:${line}`),
  );
});

test("every tool is reachable, whatever its name", async () => {
  const tools: readonly ToolSketch[] = AWKWARD_NAMES.map((name) => ({
    name,
    inputSchema: {
      type: "object",
      properties: { only: { const: name } },
      required: ["only"],
      additionalProperties: false,
    },
    outputSchema: { type: "object", properties: { self: { $ref: "#" } } },
  }));
  const server = boundServer("export", tools);
  const identifiers = new Set(server.tools.map(({ identifier }) => identifier));
  expect(identifiers.size).toBe(AWKWARD_NAMES.length);
  const files = new Map<string, string>();
  addBindings(files, server);
  const calls = server.tools.map(({ identifier, path = identifier, definition }) => {
    const args = `({ only: ${JSON.stringify(definition.name)} })`;
    return [
      `await bindings.${path}${args};`,
      `await bindings.${path}.raw${args};`,
      `await ${server.identifier}.${path}${args};`,
      `await ${server.identifier}.${path}.raw${args};`,
    ];
  });
  const imports = `import * as bindings from "./${server.identifier}.js";`;
  files.set("program.ts", [imports, ...calls.flat(), "export {};"].join("\n"));
  expect(await compile(files)).toEqual([]);
});

test("hostile texts stay texts in every place a server fills", async () => {
  const text = "**/*.ext */ export const evil = 1; /* \u2028 */ \u202e \0 `${evil}`";
  const schema = {
    type: "object",
    properties: {
      "x-y": { type: "string", description: text },
      choice: { enum: [text, "*/"] },
      [text]: { type: "number", default: text },
    },
  };
  const names = [...AWKWARD_NAMES, "x; evil()", "`", "T"];
  const tools = names.map((name) => ({
    name,
    description: text,
    inputSchema: schema,
    outputSchema: schema,
  }));
  const files = new Map<string, string>();
  addBindings(files, boundServer("evil-server*/", tools));
  expect(await compile(files)).toEqual([]);
});

function addBindings(files: Map<string, string>, server: BoundServer): void {
  const binding = bindingModule(server);
  const declarations = serverDeclarations(server);
  expect([...binding.diagnostics, ...declarations.diagnostics]).toEqual([]);
  files.set(`${server.identifier}.d.ts`, binding.text);
  // Without an import or export it is global, as a program sees it.
  files.set(`${server.identifier}.global.d.ts`, declarations.text);
}

test("the tool that a server is named after is called by that name alone", async () => {
  const url = { type: "object", properties: { url: { type: "string" } }, required: ["url"] };
  const server = boundServer("curl", [
    { name: "curl", inputSchema: url, outputSchema: { type: "string" } },
    { name: "get", inputSchema: url, outputSchema: { type: "string" } },
  ]);
  const { text } = serverDeclarations(server);
  const use = (call: string): string => `${text}\nexport const value: Promise<string> = ${call};\n`;

  const right = await compile(
    new Map([
      ["a.ts", use('curl({ url: "x" })')],
      ["b.ts", use('curl.curl({ url: "x" })')],
    ]),
  );
  const wrong = await compile(new Map([["a.ts", use("curl({ url: 1 })")]]));

  expect(right).toEqual([]);
  expect(wrong).toHaveLength(1);
});
