import { CodemodeError } from "./errors.ts";
import type { JsonValue } from "./json.ts";
import type { ContentBlock, ToolDefinition, ToolResult } from "./tool.ts";

/**
 * What a program gets of a tool's answer. `isError` throws `TOOL_FAILED`. Structured content is the
 * value where the tool declares an `outputSchema`, has no other content, or repeats it as text; a
 * text that is a JSON object or array is parsed, scalars never; several JSON texts are an array;
 * media stay content blocks; nothing is `null`.
 */
export function toolResultToValue(
  result: ToolResult,
  tool: Pick<ToolDefinition, "canonicalName" | "outputSchema">,
): JsonValue {
  const { content, structuredContent } = result;
  if (result.isError === true) throw toolFailure(result, tool.canonicalName);
  if (structuredContent !== undefined) {
    if (tool.outputSchema !== undefined || content.length === 0) return structuredContent;
    if (isRepeatedAsText(content, structuredContent)) return structuredContent;
  }
  const texts: string[] = [];
  for (const block of content) {
    if (block.type !== "text" || typeof block.text !== "string") return contentToJson(content);
    texts.push(block.text);
  }
  return textsToValue(texts);
}

function textsToValue(texts: readonly string[]): JsonValue {
  const [first] = texts;
  if (first === undefined) return null;
  const parsed = texts.map(parseContainer);
  if (texts.length === 1) return parsed[0] ?? first;
  const values = parsed.filter((value) => value !== undefined);
  return values.length === texts.length ? values : texts.join("\n");
}

/** The value of a text that is a JSON object or array, otherwise `undefined`. */
function parseContainer(text: string): JsonValue | undefined {
  const start = text.trimStart()[0];
  if (start !== "{" && start !== "[") return undefined;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    // Text that only begins like JSON is text.
    return undefined;
  }
}

function isRepeatedAsText(content: readonly ContentBlock[], value: JsonValue): boolean {
  const [block] = content;
  if (content.length !== 1 || block?.type !== "text" || block.text === undefined) return false;
  const parsed = parseContainer(block.text);
  return JSON.stringify(parsed ?? block.text) === JSON.stringify(value);
}

/** Content as data: what JSON cannot carry never came over a wire, so it is left out. */
function contentToJson(content: readonly ContentBlock[]): JsonValue {
  const value: JsonValue = JSON.parse(JSON.stringify(content));
  return value;
}

// Long enough for a stack of validation messages, short enough for a context window.
const MAX_FAILURE_CHARACTERS = 4_000;

function toolFailure(result: ToolResult, tool: string): CodemodeError {
  const text = result.content
    .map((block) => (block.type === "text" ? (block.text ?? "") : ""))
    .filter((line) => line !== "")
    .join("\n")
    .slice(0, MAX_FAILURE_CHARACTERS);
  return new CodemodeError("TOOL_FAILED", text || `Tool "${tool}" failed and did not say why.`, {
    tool,
    ...(result.structuredContent === undefined ? {} : { details: result.structuredContent }),
  });
}
