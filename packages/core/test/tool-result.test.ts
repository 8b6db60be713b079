import { expect, test } from "vitest";

import type { JsonValue, ToolResult } from "../src/index.ts";
import { toolResultToValue } from "../src/index.ts";

const text = (...texts: readonly string[]) => texts.map((line) => ({ type: "text", text: line }));
const image = { type: "image", data: "AA==", mimeType: "image/png" };

test.each<readonly [string, ToolResult, JsonValue]>([
  ["nothing", { content: [] }, null],
  ["a text", { content: text("hello") }, "hello"],
  ["a number as text", { content: text("42") }, "42"],
  ["an object as text", { content: text(' {"a":1}') }, { a: 1 }],
  ["an array as text", { content: text("[1,2]") }, [1, 2]],
  ["a text that only begins like JSON", { content: text("[draft] hello") }, "[draft] hello"],
  ["several JSON texts", { content: text('{"a":1}', '{"a":2}') }, [{ a: 1 }, { a: 2 }]],
  ["several texts", { content: text("a", '{"b":1}') }, 'a\n{"b":1}'],
  ["media", { content: [...text("see"), image] }, [{ type: "text", text: "see" }, image]],
  ["structured content alone", { content: [], structuredContent: 42 }, 42],
  [
    "structured content said twice",
    { content: text('{"a":1}'), structuredContent: { a: 1 } },
    { a: 1 },
  ],
  [
    "undeclared structured content beside a text of its own",
    { content: text("the file"), structuredContent: { size: 8 } },
    "the file",
  ],
])("%s becomes the value a program gets", (_title, result, value) => {
  expect(toolResultToValue(result, { canonicalName: "s.t" })).toEqual(value);
});

test("declared structured content is the value, whatever the text says", () => {
  const result = { content: text("the file"), structuredContent: { size: 8 } };

  expect(toolResultToValue(result, { canonicalName: "s.t", outputSchema: true })).toEqual({
    size: 8,
  });
});

test("a failure throws what the tool said", () => {
  const failed = { isError: true, content: text("no such file"), structuredContent: { errno: 2 } };

  expect(() => toolResultToValue(failed, { canonicalName: "fs.read" })).toThrow(
    expect.objectContaining({
      code: "TOOL_FAILED",
      tool: "fs.read",
      message: "no such file",
      details: { errno: 2 },
    }),
  );
  expect(() =>
    toolResultToValue({ isError: true, content: [] }, { canonicalName: "fs.read" }),
  ).toThrow(expect.objectContaining({ message: expect.stringContaining('"fs.read"') }));
});
