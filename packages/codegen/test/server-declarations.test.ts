import type { JsonSchema } from "@codemode/core";
import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";

import { bindingModule, serverDeclarations, toolDeclaration } from "../src/index.ts";
import type { ToolSketch } from "./support/bound-tools.ts";
import { boundServer } from "./support/bound-tools.ts";
import { HOSTILE_TEXTS, stripComments } from "./support/strip-comments.ts";

const STRING = { type: "string" };

/** A type long enough to be worth a name. */
const ISSUE = {
  type: "object",
  properties: Object.fromEntries(
    ["title", "body", "author", "milestone", "repository"].map((name) => [name, STRING]),
  ),
};

test("a server is a namespace of functions", () => {
  const server = boundServer("git-hub", [
    {
      name: "get-issue",
      description: "Gets an issue. At once.",
      inputSchema: { type: "object", properties: { id: STRING }, required: ["id"] },
      outputSchema: { type: "object", properties: { title: STRING }, required: ["title"] },
    },
    { name: "ping", inputSchema: { type: "object", additionalProperties: false } },
  ]);
  const { text, diagnostics } = serverDeclarations(server, { docs: "first" });
  expect(diagnostics).toEqual([]);
  expect(text).toContain(`declare namespace git_hub {
  /** Gets an issue. */
  function get_issue(input: { id: string }): Promise<{ title: string; [k: string]: any }>;
  function ping(): Promise<any>;
}
`);
  expect(text.match(/raw</g)).toHaveLength(1);
});

test("one tool is declared alone", () => {
  const server = boundServer("s", [{ name: "a" }, { name: "b" }]);
  const [tool] = server.tools;
  if (!tool) throw new Error("no tool");
  expect(toolDeclaration(server, tool)).toContain("function a(");
  expect(toolDeclaration(server, tool)).not.toContain("function b(");
});

test("a binding module exports every tool, with its raw answer", () => {
  const server = boundServer("s", [{ name: "a" }, { name: "export" }]);
  const { text } = bindingModule(server);
  expect(text).toContain("export declare const a: Tool<[input?: { [k: string]: unknown }], any>;");
  expect(text).toContain("export declare const export_: Tool<");
  expect(text).toContain("raw(...input: Input): Promise<ToolResult>");
});

test("a type that several tools have in common has one name", () => {
  const outputSchema = { type: "object", properties: { issue: ISSUE } };
  const server = boundServer("s", [
    { name: "get", outputSchema },
    { name: "put", outputSchema },
  ]);
  for (const { text } of [serverDeclarations(server), bindingModule(server)]) {
    expect(text.match(/milestone/g)).toHaveLength(1);
  }
});

/** Objects inside each other without end. */
function recursive(leaf: string): JsonSchema {
  return {
    type: "object",
    properties: { tree: { $ref: "#/$defs/tree" } },
    $defs: {
      tree: {
        type: "object",
        properties: { next: { $ref: "#/$defs/tree" }, leaf: { type: leaf } },
      },
    },
  };
}

test("types of one server that would have the same name get different ones", () => {
  const server = boundServer("s", [
    { name: "one", inputSchema: recursive("string") },
    { name: "two", inputSchema: recursive("number") },
  ]);
  const { text } = serverDeclarations(server);
  const names = [...text.matchAll(/type (\w+) =/g)].map(([, name]) => name);
  expect(names).toHaveLength(2);
  expect(new Set(names).size).toBe(2);
});

test("no alias takes the name of a tool", () => {
  const inputSchema = {
    type: "object",
    properties: { tree: { $ref: "#/$defs/tree" } },
    $defs: { tree: { type: "object", properties: { next: { $ref: "#/$defs/tree" } } } },
  };
  const plain = serverDeclarations(boundServer("s", [{ name: "one", inputSchema }]));
  const alias = /type (\w+) =/.exec(plain.text)?.[1] ?? "";
  expect(alias).not.toBe("");
  const { text } = serverDeclarations(
    boundServer("s", [{ name: "one", inputSchema }, { name: alias }]),
  );
  expect(text).toContain(`function ${alias}(`);
  expect(text).not.toContain(`type ${alias} =`);
});

test("a server's texts are the same whatever the order of its tools", () => {
  const tools = ["get-issue", "get_issue", "2fa"].map((name) => ({ name, inputSchema: ISSUE }));
  const forwards = bindingModule(boundServer("s", tools));
  expect(bindingModule(boundServer("s", tools.toReversed()))).toEqual(forwards);
});

/** Puts a text into every place of a tool that a server fills. */
function toolOf(text: string): ToolSketch {
  const member = {
    type: "string",
    description: text,
    default: text,
    format: text,
    pattern: "(a+)+",
  };
  const inputSchema = {
    title: text,
    $comment: text,
    description: text,
    type: "object",
    properties: { plain: member, list: { type: "array", description: text, items: member } },
  };
  return { name: "tool", description: text, inputSchema, outputSchema: inputSchema };
}

test.each(HOSTILE_TEXTS)("a description of %j stays a comment", (text) => {
  const bare = boundServer("s", [toolOf("")]);
  const server = boundServer("s", [toolOf(text)]);
  for (const print of [serverDeclarations, bindingModule]) {
    const expected = stripComments(print(bare, { docs: "full" }).text);
    for (const docs of ["first", "full"] as const) {
      const printed = print(server, { docs });
      expect(stripComments(printed.text)).toBe(expected);
      expect(printed.text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }
  }
});

test("no name of a property, no literal and no pattern leaves its place", () => {
  assert(
    property(string({ unit: "binary", maxLength: 12 }), (text) => {
      const inputSchema = {
        type: "object",
        properties: { [text]: { const: text }, list: { enum: [text, [text], { [text]: text }] } },
        patternProperties: { [text]: STRING },
        required: [text],
      };
      const server = boundServer("s", [{ name: text || "empty", inputSchema }]);
      expect(serverDeclarations(server).diagnostics).toEqual([]);
      const [tool] = server.tools;
      const printed = tool ? toolDeclaration(server, tool) : "";
      // Between quotes stand the texts; outside of them only what this package writes.
      const outside = printed.replaceAll(/"(?:[^"\\]|\\.)*"|`(?:[^`\\])*`/g, "0");
      expect(outside).toMatch(/^[\w\s$:;?|,.<>()[\]{}]*$/);
    }),
    { numRuns: 500 },
  );
});

test("tools with dots in their names stand in namespaces of their own", () => {
  const nothing = { type: "object", additionalProperties: false };
  const server = boundServer("s", [
    { name: "resources.read", inputSchema: nothing },
    { name: "resources.list", inputSchema: nothing },
    { name: "ping", inputSchema: nothing },
  ]);
  expect(serverDeclarations(server).text).toContain(`declare namespace s {
  function ping(): Promise<any>;
  namespace resources {
    function list(): Promise<any>;
    function read(): Promise<any>;
  }
}
`);
  expect(bindingModule(server).text).toContain(`export declare const ping: Tool<[], any>;
export declare namespace resources {
  const list: Tool<[], any>;
  const read: Tool<[], any>;
}
`);
});
