import { expect, test } from "vitest";

import { estimateTokens, toolSignature } from "../src/index.ts";
import type { ToolSketch } from "./support/bound-tools.ts";
import { boundServer } from "./support/bound-tools.ts";

function signatureOf(sketch: Omit<ToolSketch, "name">, budgetTokens?: number): string {
  const server = boundServer("github", [{ name: "get-issue", ...sketch }]);
  const [tool] = server.tools;
  if (!tool) throw new Error("no tool");
  return toolSignature(server, tool, budgetTokens === undefined ? {} : { budgetTokens });
}

const STRING = { type: "string" };

test("a signature is the call on one line", () => {
  const inputSchema = {
    type: "object",
    properties: { owner: STRING, number: { type: "integer", description: "Which.\nOne." } },
    required: ["owner", "number"],
  };
  expect(signatureOf({ inputSchema })).toBe(
    "github.get_issue(input: { owner: string; number: number }): Promise<any>",
  );
  const outputSchema = { type: "object", properties: { id: STRING }, required: ["id"] };
  expect(signatureOf({ inputSchema, outputSchema })).toBe(
    "github.get_issue(input: { owner: string; number: number }): Promise<{ id: string; [k: string]: any }>",
  );
});

test("the argument is optional where nothing is required, and absent where nothing is allowed", () => {
  const properties = { page: { type: "number" } };
  expect(signatureOf({ inputSchema: { type: "object", properties } })).toBe(
    "github.get_issue(input?: { page?: number }): Promise<any>",
  );
  const withDefault = { properties: { page: { type: "number", default: 1 } }, required: ["page"] };
  expect(signatureOf({ inputSchema: { type: "object", ...withDefault } })).toContain("input?: {");
  const closed = { type: "object", properties: {}, additionalProperties: false };
  expect(signatureOf({ inputSchema: closed })).toBe("github.get_issue(): Promise<any>");
  expect(signatureOf({ inputSchema: true })).toContain("(input?: { [k: string]: unknown })");
});

/** `levels` objects inside each other, each with `width` properties. */
function nested(levels: number, width: number): { readonly [keyword: string]: unknown } {
  if (levels === 0) return STRING;
  const inner = nested(levels - 1, width);
  const names = Array.from({ length: width }, (_, place) => `property${place}`);
  const properties = Object.fromEntries(names.map((name) => [name, inner]));
  return { type: "object", properties, required: names };
}

test("over its budget a signature leaves out deep objects, never its first line", () => {
  const inputSchema = nested(4, 3);
  const whole = signatureOf({ inputSchema }, 10_000);
  expect(whole.match(/string/g)).toHaveLength(81);
  for (const budget of [200, 80]) {
    const signature = signatureOf({ inputSchema }, budget);
    expect(estimateTokens(signature)).toBeLessThanOrEqual(budget);
    expect(signature).toContain("input: { property0: ");
    expect(signature).not.toContain("\n");
  }
});

test("the budget of 400 tokens is the default", () => {
  const inputSchema = nested(6, 3);
  expect(signatureOf({ inputSchema })).toBe(signatureOf({ inputSchema }, 400));
  expect(estimateTokens(signatureOf({ inputSchema }))).toBeLessThanOrEqual(400);
});

test("a tool with far too many properties has a signature all the same", () => {
  const signature = signatureOf({ inputSchema: nested(1, 5_000) });
  expect(estimateTokens(signature)).toBeLessThanOrEqual(800);
  expect(signature).toMatch(/^github\.get_issue\(input: .*\): Promise<any>$/);
});

test("tokens are some four characters, rounded up", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("a")).toBe(1);
  expect(estimateTokens("abcd".repeat(100))).toBe(100);
});
