import type { ContentBlock, JsonValue, ToolResult } from "@codemode/core";
import { isRecord } from "@codemode/core";

// Deeper values cannot be encoded for the sandbox; no honest answer comes near.
const MAX_DEPTH = 500;

/** The answer in the catalog's terms. Throws where it holds a value that cannot be passed on. */
export function toToolResult(answer: unknown): ToolResult {
  if (!isRecord(answer)) throw new TypeError("its result is no object");
  const { content, structuredContent, isError, toolResult, _meta } = answer;
  // `toolResult` is what the first revision of the protocol called it.
  const value =
    structuredContent === undefined && content === undefined ? toolResult : structuredContent;
  if (isTooDeep(value) || isTooDeep(content))
    throw new TypeError(`its value is nested more than ${MAX_DEPTH} levels deep`);
  return {
    content: toBlocks(content),
    ...(isJson(value) ? { structuredContent: value } : {}),
    ...(typeof isError === "boolean" ? { isError } : {}),
    ...(isRecord(_meta) ? { meta: _meta } : {}),
  };
}

/** A block that is none is kept as text, so that nothing is lost in silence. */
function toBlocks(content: unknown): readonly ContentBlock[] {
  if (content === undefined || content === null) return [];
  const items: readonly unknown[] = Array.isArray(content) ? content : [content];
  return items.map((item) => {
    if (isBlock(item)) return item;
    return { type: "text", text: typeof item === "string" ? item : JSON.stringify(item) };
  });
}

function isBlock(item: unknown): item is ContentBlock {
  if (!isRecord(item) || typeof item["type"] !== "string") return false;
  return ["text", "data", "mimeType"].every((key) => isText(item[key]));
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

/** What was read from JSON is JSON; the rest is what no wire can carry. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
}

function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const inner of Object.values(item)) {
        if (typeof inner === "object" && inner !== null) next.push(inner);
      }
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}
